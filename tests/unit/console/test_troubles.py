"""What could not be delivered, and calendars that cannot be read, as staff see them."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from busy_day import NOW, WICKED
from sqlalchemy import select

from tiski.business import load_business
from tiski.console.today import Today
from tiski.console.words import word
from tiski.db.session import session
from tiski.db.tables import Appointment, CalendarState, Delivery, WaitingListEntry
from tiski.outside.errors import Trouble

HOUR = timedelta(hours=1)
CALLABLE = [
    {"text": "+358 45 5550133", "href": "tel:+358455550133"},
]


def parts(language: str = "fi") -> dict[str, Any]:
    found: dict[str, Any] = Today().look(load_business(), language, NOW)["parts"]
    return found


def cards(language: str = "fi") -> list[dict[str, Any]]:
    found = parts(language).get("troubles", {"cards": []})
    return list(found["cards"])


def visit_of(name: str) -> int:
    with session() as db:
        row = db.scalars(select(Appointment).where(Appointment.contact_name == name)).one()
        return int(row.id)


def put(
    kind: str = "visit_mail", status: str = "failed", ago: timedelta = HOUR, **more: Any
) -> int:
    """A parcel that was put in some time ago; failed ones ended a minute after."""
    content = more.pop("content", None) or news(**more.pop("news", {}))
    made = NOW - ago
    usual = {
        "queue": "visit-1-news",
        "content": content,
        "tries": 3,
        "trouble": "cannot_connect",
        "not_before": NOW,
        "created_at": made,
        "ended_at": made + timedelta(minutes=1) if status in ("failed", "done") else None,
    }
    with session() as db:
        row = Delivery(kind=kind, status=status, **(usual | more))
        db.add(row)
        db.flush()
        return int(row.id)


def news(**changes: Any) -> dict[str, Any]:
    usual = {
        "what": "booked",
        "id": 1,
        "service_id": "colour",
        "staff_id": "aino",
        "starts_at": (NOW + timedelta(days=1, hours=5)).isoformat(),
        "name": "Maija Meikäläinen",
        "email": None,
        "phone": "+358455550133",
    }
    return usual | changes


def unread(trouble: str = "invalid_credentials", resource: str = "aino") -> None:
    with session() as db:
        db.add(CalendarState(resource=resource, trouble=trouble, failing_since=NOW - HOUR))


def test_nothing_is_shown_while_all_is_well(busy: Path) -> None:
    with session() as db:
        db.add(CalendarState(resource="aino", read_at=NOW))
    put(status="done", trouble=None)
    put(status="dropped")
    assert "troubles" not in parts()


def test_a_mail_that_failed_says_of_which_visit_and_whom_to_call(busy: Path) -> None:
    put(trouble="refused", news={"email": "maija@posti.example"})
    [card] = cards()
    assert card["title"] == "Sähköposti asiakkaalle"
    assert card["badges"] == [{"text": "Ei onnistunut", "tone": "bad"}]
    assert card["details"] == [
        "Värjäys ja leikkaus · Aino · ti 24.11. klo 15.10",
        "Sähköpostipalvelin: kieltäytyi pyynnöstä",
        "Alkoi klo 9.10",
    ]
    assert card["who"] == "Maija Meikäläinen"
    assert card["links"] == [
        *CALLABLE,
        {"text": "maija@posti.example", "href": "mailto:maija@posti.example"},
    ]


def test_the_same_in_english(busy: Path) -> None:
    put(trouble="refused")
    [card] = cards("en")
    assert (card["title"], card["badges"][0]["text"]) == ("Mail to a customer", "Failed")
    assert card["details"] == [
        "Colour and cut · Aino · Tue 24 Nov 15:10",
        "The mail server: refused the request",
        "Since 09:10",
    ]
    assert parts("en")["troubles"]["count"] == 1


def test_what_waits_is_shown_after_a_quarter_of_an_hour(busy: Path) -> None:
    put(status="waiting", ago=timedelta(minutes=14))
    put(status="sending", ago=timedelta(minutes=14))
    assert cards() == []
    put(status="waiting", ago=timedelta(minutes=16))
    put(kind="visit_text", status="sending", ago=timedelta(minutes=17), trouble=None)
    mail, text = cards()
    assert mail["badges"] == text["badges"] == [{"text": "Yritetään uudelleen", "tone": "warn"}]
    assert mail["details"][1].startswith("Sähköpostipalvelin: ei saada yhteyttä")
    assert len(text["details"]) == 2, "nobody knows why"


def test_what_is_to_go_later_or_ran_out_is_no_trouble(busy: Path) -> None:
    put(status="waiting", tries=0, trouble=None)
    put(status="waiting", expires_at=NOW)
    assert cards() == []


def test_a_failure_is_shown_for_a_week(busy: Path) -> None:
    put(ago=timedelta(days=7))
    assert len(cards()) == 1
    put(ago=timedelta(days=7, minutes=2))
    assert len(cards()) == 1


def test_an_unsure_text_message_may_have_arrived(busy: Path) -> None:
    put(kind="visit_text", trouble="unknown")
    [card] = cards()
    assert card["title"] == "Tekstiviesti asiakkaalle"
    assert "Viesti saattoi silti mennä perille." in card["details"]
    put(kind="visit_text", trouble="refused")
    assert "Viesti saattoi silti mennä perille." not in cards()[0]["details"]


def test_a_copy_that_failed_is_about_its_appointment(busy: Path) -> None:
    number = visit_of("Maija Meikäläinen")
    queue = f"visit-{number}-calendar"
    put("calendar", content={"appointment": number}, queue=queue, trouble="not_found")
    [card] = cards()
    assert card["title"] == "Varaus ei ole kalenterissa ajan tasalla"
    assert card["details"][0] == "Värjäys ja leikkaus · Aino · ti 24.11. klo 15.00"
    assert card["who"] == "Maija Meikäläinen" and card["links"] == CALLABLE


def test_a_copy_that_was_brought_later_is_no_trouble(busy: Path) -> None:
    content = {"appointment": visit_of("Maija Meikäläinen")}
    for status in ("failed", "failed"):
        put("calendar", status, content=content, queue="visit-9-calendar")
    assert len(cards()) == 1, "the latest of them"
    put("calendar", "done", content=content, queue="visit-9-calendar", trouble=None)
    assert cards() == []


def test_of_a_visit_that_is_gone_the_rest_is_told(busy: Path) -> None:
    put("calendar", content={"appointment": 999}, queue="visit-999-calendar")
    put("freed", content={"staff_id": "sara", "starts_at": NOW.isoformat()})
    put("visit_mail", content={"starts_at": "whenever"})
    assert [card["details"][0].split(":")[0] for card in cards() if "who" not in card] == [
        "Sähköpostipalvelin",
        "Sara · ma 23.11. klo 10.10",
        "Kalenteri",
    ]


def test_a_calendar_that_cannot_be_read_comes_first(busy: Path) -> None:
    put()
    unread()
    unread("rate_limited", "gone_since")
    with session() as db:
        db.add(CalendarState(resource="sara", read_at=NOW))
    aino, gone, mail = cards()
    assert aino["title"] == "Kalenteria ei voida lukea: Aino" and "badges" not in aino
    assert aino["details"][0].startswith("Kalenteri: käyttäjätunnus, salasana tai avain ei kelpaa")
    assert aino["details"][1] == "Alkoi klo 9.10"
    assert gone["title"].endswith("gone_since")
    assert mail["title"] == "Sähköposti asiakkaalle"
    assert cards("en")[0]["title"] == "The calendar of Aino cannot be read"


@pytest.mark.parametrize("language", ["fi", "en"])
@pytest.mark.parametrize("trouble", list(Trouble))
def test_every_reason_has_words_and_no_code(busy: Path, language: str, trouble: Trouble) -> None:
    unread(trouble.value)
    for kind in ("visit_mail", "visit_text", "freed"):
        put(kind, trouble=trouble.value)
    put("calendar", content={"appointment": visit_of("Maija Meikäläinen")}, trouble=trouble.value)
    shown = json.dumps([card["details"] for card in cards(language)], ensure_ascii=False)
    assert len(cards(language)) == 5
    assert trouble is Trouble.REFUSED or trouble.value not in shown
    assert "_" not in shown and "{" not in shown


def test_names_go_out_as_plain_text(busy: Path) -> None:
    put(news={"name": WICKED, "phone": f"javascript:{WICKED}"})
    [card] = cards()
    assert card["who"] == WICKED
    assert card["links"][0]["href"].startswith("tel:")


def test_many_are_counted(busy: Path) -> None:
    for _ in range(33):
        put()
    part = parts()["troubles"]
    assert (part["count"], len(part["cards"]), part["more"]) == (33, 30, "ja 3 muuta")


def test_held_and_withdrawn_are_no_appointments(busy: Path) -> None:
    before = [card["title"] for card in parts()["appointments"]["cards"]]
    with session() as db:
        for number, (status, held_until) in enumerate(
            [("held", NOW + HOUR), ("withdrawn", None), ("cancelled", NOW - HOUR)]
        ):
            for day in (0, 1):
                db.add(
                    Appointment(
                        code=f"HW{number}{day}",
                        service_id="haircut",
                        staff_id="aino",
                        starts_at=NOW + timedelta(days=day, hours=2),
                        ends_at=NOW + timedelta(days=day, hours=3),
                        status=status,
                        held_until=held_until,
                        contact_name="Ei Tullut",
                        language="fi",
                        created_at=NOW,
                        changed_at=NOW,
                    )
                )
    assert [card["title"] for card in parts()["appointments"]["cards"]] == before
    assert parts()["appointments"]["count"] == 3


def test_who_was_offered_a_time_and_did_not_take_it_does_not_wait(busy: Path) -> None:
    with session() as db:
        db.scalars(select(WaitingListEntry)).one().status = "offered"
    assert parts()["waiting"]["cards"][0]["badges"][0]["text"] == word("offered", "fi")
    with session() as db:
        db.scalars(select(WaitingListEntry)).one().status = "passed"
    assert parts()["waiting"]["cards"] == []
