"""A salon's Monday with something in every part of the staff page; everybody in it is invented."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from tiski.db import tables
from tiski.db.session import conversations_url, engine_for, session

NOW = datetime.fromisoformat("2026-11-23T10:10+02:00")
WICKED = "<img src=x onerror=\"document.title='taken'\"><b>Mursu</b>"


def fill(now: datetime = NOW) -> None:
    """Write it all into the databases that the environment names; their tables must be there."""
    with session() as db:
        db.add_all(_appointments(now))
        db.add_all(_tickets(now))
        db.add_all(_leads(now))
        db.add(_waiting(now))
        db.add_all(_outcomes(now))
        db.add_all(_feedback(now))


def say(*messages: tuple[str, str, datetime]) -> None:
    """Store messages (text, intent, when) as Rasa stores them."""
    with engine_for(conversations_url()).begin() as connection:
        connection.execute(
            text(
                "CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, sender_id VARCHAR, "
                "type_name VARCHAR, timestamp FLOAT, intent_name VARCHAR, action_name VARCHAR, "
                "data TEXT)"
            )
        )
        for typed, intent, at in messages:
            connection.execute(
                text(
                    "INSERT INTO events (sender_id, type_name, timestamp, intent_name, data) "
                    "VALUES ('web-1', 'user', :at, :intent, :data)"
                ),
                {"at": at.timestamp(), "intent": intent, "data": json.dumps({"text": typed})},
            )


def say_unclear(now: datetime = NOW) -> None:
    """What customers wrote that was not understood, and one message that was."""
    say(
        ("voiko teille tulla koiran kans istuskeleen", "nlu_fallback", now - timedelta(minutes=95)),
        ("moi", "greet", now - timedelta(minutes=94)),
        ("what's the capital of Peru?", "out_of_scope", now - timedelta(minutes=41)),
        ("onks mun takki jääny teille vai mihkä", "nlu_fallback", now - timedelta(minutes=6)),
    )


def _appointments(now: datetime) -> list[tables.Appointment]:
    def visit(code: str, start: datetime, minutes: int, **rest: Any) -> tables.Appointment:
        usual = {"service_id": "haircut", "staff_id": "aino", "language": "fi", "status": "booked"}
        return tables.Appointment(
            code=code,
            starts_at=start,
            ends_at=start + timedelta(minutes=minutes),
            created_at=now - timedelta(days=3),
            changed_at=now - timedelta(days=3),
            **{**usual, **rest},
        )

    today = now.replace(hour=9, minute=0)
    allergy = tables.VisitNote(
        kind="note",
        text="Olen herkkä hajusteille, käyttäisitkö hajusteetonta shampoota.",
        created_at=now,
    )
    return [
        visit("AB3CDE", today, 45, contact_name="Veikko Virtanen", contact_phone="+358455550120"),
        visit(
            "CD4EFG",
            today + timedelta(hours=1),
            60,
            contact_name="Liisa Lahtinen",
            contact_phone="+358455550121",
            contact_email="liisa@posti.example",
            staff_id="sara",
            confirmed_at=now,
            notes=[allergy],
        ),
        visit(
            "EF6GHJ",
            today + timedelta(hours=2),
            30,
            contact_name="Robin Smith",
            contact_phone="+358455550135",
            service_id="short_haircut",
            staff_id="mikko",
            language="en",
            late_minutes=15,
        ),
        visit(
            "GH7JKL",
            today + timedelta(hours=4),
            45,
            contact_name="Kaisa Koski",
            contact_email="kaisa@posti.example",
            status="cancelled",
        ),
        visit(
            "JK9LMN",
            today + timedelta(days=1, hours=6),
            150,
            contact_name="Maija Meikäläinen",
            contact_phone="+358455550133",
            service_id="colour",
        ),
        visit(
            "LM2NPQ",
            today + timedelta(days=3, hours=5),
            30,
            contact_name="Matti Meikäläinen",
            contact_phone="+358455550101",
            service_id="short_haircut",
            staff_id="leevi",
        ),
        visit("YESTER", today - timedelta(days=1), 45, contact_name="Eilinen Asiakas"),
        visit(
            "GONE22",
            today + timedelta(days=4),
            45,
            contact_name="Peruttu Perjantai",
            status="cancelled",
        ),
    ]


def _tickets(now: datetime) -> list[tables.Ticket]:
    return [
        tables.Ticket(
            code="TX4C9M",
            kind="complain",
            need="Väri on ihan eri kuin sovittiin, haluaisin että se korjataan.",
            contact_name="Anneli Aho",
            contact_phone="+358455550140",
            language="fi",
            channel="web",
            conversation_id="web-1",
            transcript=[
                {"from": "customer", "text": "värjäys meni pieleen"},
                {"from": "desk", "text": "Harmi kuulla. Kerrotko, mitä tapahtui?"},
                {"from": "customer", "text": f"väri on ihan eri {WICKED}"},
            ],
            created_at=now - timedelta(hours=2),
            answer_by=now - timedelta(minutes=10),
        ),
        tables.Ticket(
            code="T7KQ3R",
            kind="return_order",
            need="The brush came with a broken handle, I'd like to send it back.",
            reference="10236",
            contact_name="Emma Brown",
            contact_email="emma@letter.example",
            language="en",
            channel="web",
            conversation_id="web-2",
            transcript=[],
            created_at=now - timedelta(minutes=25),
            answer_by=now + timedelta(hours=2),
        ),
        tables.Ticket(
            code="TCLOSD",
            kind="request_human",
            status="closed",
            need="suljettu",
            language="fi",
            transcript=[],
            created_at=now - timedelta(days=1),
        ),
    ]


def _leads(now: datetime) -> list[tables.Lead]:
    return [
        tables.Lead(
            kind="quote",
            need="Häät: morsian ja neljä kaasoa, kampaukset ja meikit paikan päällä.",
            when_wanted="heinäkuun alussa",
            budget_cents=80_000,
            is_qualified=True,
            contact_name="Noora Niemi",
            contact_phone="+358455550150",
            consent_words="Saammeko ottaa yhteyttä?",
            consent_at=now,
            language="fi",
            channel="web",
            conversation_id="web-3",
            created_at=now - timedelta(minutes=50),
            answer_by=now + timedelta(hours=3),
        )
    ]


def _waiting(now: datetime) -> tables.WaitingListEntry:
    return tables.WaitingListEntry(
        service_id="colour",
        staff_id="aino",
        wish="joku ilta tällä viikolla, mieluiten torstai",
        windows=[],
        contact_name="Pirjo Pelto",
        contact_phone="+358455550160",
        language="fi",
        conversation_id="web-4",
        created_at=now - timedelta(hours=1),
    )


def _outcomes(now: datetime) -> list[tables.Outcome]:
    def outcome(use_case: str, result: str | None, minutes: int, **rest: Any) -> tables.Outcome:
        at = now - timedelta(minutes=minutes)
        ended = at if result else None
        return tables.Outcome(
            conversation_id=f"web-{minutes}",
            use_case=use_case,
            result=result,
            began_at=at,
            touched_at=at,
            ended_at=ended,
            **rest,
        )

    return [
        outcome("check_order_status", "done", 12, reference="10234"),
        outcome("check_order_status", "failed", 58, reference="10239"),
        outcome("check_order_status", "failed", 59),  # no number was given
        outcome("book_appointment", "done", 20),
        outcome("book_appointment", None, 5),
        outcome("book_appointment", None, 45),  # has been left
        outcome("faq/parking", "done", 70),
        outcome("complain", "handed_over", 120),
        outcome("book_appointment", "done", 60 * 24),
    ]


def _feedback(now: datetime) -> list[tables.Feedback]:
    return [
        tables.Feedback(
            kind="rating",
            rating=5,
            comment="Helppo varata, kiitos!",
            about="book_appointment",
            language="fi",
            created_at=now - timedelta(minutes=18),
        ),
        tables.Feedback(
            kind="unhelpful",
            about="utter_faq/parking",
            language="en",
            created_at=now - timedelta(minutes=68),
        ),
    ]
