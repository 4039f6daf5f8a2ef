"""tiski/insight/outcomes.py and broker.py: one row for each use case, as turns come in."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from tiski.db import tables
from tiski.db.session import session
from tiski.insight import outcomes
from tiski.insight.broker import OutcomeRecorder
from tiski.insight.turns import TurnReading

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=timezone.utc)


def reading(**values: Any) -> TurnReading:
    usual: dict[str, Any] = {
        "begun": (),
        "ended": None,
        "result": None,
        "reference": None,
        "question": None,
        "offers_shown": 0,
        "offers_taken": 0,
        "form": None,
        "language": None,
        "channel": None,
    }
    return TurnReading(**{**usual, **values})


def turn(minutes: int = 0, conversation: str = "c1", **values: Any) -> None:
    outcomes.record(
        conversation,
        reading(**values),
        language="fi",
        channel="web",
        now=NOW + timedelta(minutes=minutes),
    )


def rows() -> list[tuple[Any, ...]]:
    with session() as db:
        found = db.scalars(select(tables.Outcome).order_by(tables.Outcome.id))
        return [(r.use_case, r.result, r.question, r.offers_shown, r.offers_taken) for r in found]


def test_a_booking_from_its_first_question_to_its_end(desk_db: Engine) -> None:
    turn(0, begun=("book_appointment",), question="service")
    turn(1, question="appointment_start", offers_shown=3)
    turn(2, question="contact_name", offers_taken=1)
    assert rows() == [("book_appointment", None, "contact_name", 3, 1)]
    turn(3, ended="book_appointment", result="done", reference="K7M2QX")
    assert rows() == [("book_appointment", "done", "contact_name", 3, 1)]
    with session() as db:
        row = db.scalars(select(tables.Outcome)).one()
    assert (row.reference, row.language, row.channel) == ("K7M2QX", "fi", "web")
    assert (row.began_at, row.ended_at) == (NOW, NOW + timedelta(minutes=3))


def test_a_question_in_between_is_a_row_of_its_own(desk_db: Engine) -> None:
    turn(0, begun=("book_appointment",), question="service")
    turn(1, begun=("faq/parking",), ended="faq/parking", result="done")
    turn(2, question="staff")
    assert [row[:3] for row in rows()] == [
        ("book_appointment", None, "staff"),
        ("faq/parking", "done", None),
    ]


def test_a_form_that_is_taken_up_again_is_the_same_use_case(desk_db: Engine) -> None:
    turn(0, begun=("book_appointment",), question="service")
    turn(1, begun=("check_order_status",), question="order_number")
    turn(2, ended="check_order_status", result="done")
    turn(3, begun=("book_appointment",), question="staff")
    turn(4, ended="book_appointment", result="stopped")
    assert [row[:3] for row in rows()] == [
        ("book_appointment", "stopped", "staff"),
        ("check_order_status", "done", "order_number"),
    ]


def test_who_leaves_has_abandoned_it_at_the_last_question(desk_db: Engine) -> None:
    turn(0, begun=("book_appointment",), question="contact_name")
    assert outcomes.close_abandoned(NOW + timedelta(minutes=29)) == 0
    assert outcomes.close_abandoned(NOW + timedelta(minutes=31)) == 1
    assert rows() == [("book_appointment", "abandoned", "contact_name", 0, 0)]
    with session() as db:
        assert db.scalars(select(tables.Outcome)).one().ended_at == NOW


def test_a_ticket_takes_over_what_was_going_on_or_has_just_failed(desk_db: Engine) -> None:
    turn(0, begun=("faq/parking",), ended="faq/parking", result="done")
    turn(1, begun=("cancel_order",), ended="cancel_order", result="failed")
    turn(2, begun=("book_appointment",), question="service")
    turn(3, begun=("request_human",), question="need")
    turn(4, ended="request_human", result="done", reference="T34679")
    assert [row[:2] for row in rows()] == [
        ("faq/parking", "done"),
        ("cancel_order", "handed_over"),
        ("book_appointment", "handed_over"),
        ("request_human", "done"),
    ]


def test_beginning_again_stops_everything_of_this_conversation(desk_db: Engine) -> None:
    turn(0, begun=("book_appointment",), question="service")
    turn(0, conversation="c2", begun=("book_appointment",), question="service")
    turn(1, all_stopped=True)
    assert [row[1] for row in rows()] == ["stopped", None]


async def test_the_events_of_rasa_become_rows(
    desk_db: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    recorder = OutcomeRecorder()
    listen = {"event": "action", "name": "action_listen"}
    said = {"result": "done", "reference": "10234"}
    user = {"event": "user", "text": "x", "input_channel": "rest"}
    turns: list[list[dict[str, Any]]] = [
        [listen],  # the session begins
        [
            {**user, "parse_data": {"intent": {"name": "check_order_status"}}},
            {"event": "slot", "name": "language", "value": "en"},
            {"event": "active_loop", "name": "order_status_form"},
            {"event": "slot", "name": "requested_slot", "value": "order_number"},
            listen,
        ],
        [
            {**user, "parse_data": {"intent": {"name": "inform"}}},
            {"event": "active_loop", "name": None},
            {"event": "slot", "name": "outcome", "value": said},
            listen,
        ],
        [{"event": "user", "parse_data": 5}, listen],  # what cannot be read is logged, no more
    ]
    for events in turns:
        for event in events:
            recorder.publish({"sender_id": "c9", **event})
    await recorder.close()
    assert [row[:3] for row in rows()] == [("check_order_status", "done", "order_number")]
    with session() as db:
        row = db.scalars(select(tables.Outcome)).one()
    assert (row.reference, row.language, row.channel) == ("10234", "en", "rest")
    assert "A turn could not be read: AttributeError" in caplog.text
