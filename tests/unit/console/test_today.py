"""What the staff page shows of a busy day, and of an empty one."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from busy_day import NOW, WICKED, say
from ruamel.yaml import YAML
from sqlalchemy import select

from tiski.business import load_business
from tiski.console.today import Today, transcript
from tiski.console.words import _all, kind
from tiski.db.session import reading, session
from tiski.db.tables import Outcome, Ticket
from tiski.paths import ROOT


def look(language: str = "fi", ahead: timedelta = timedelta(0)) -> dict[str, Any]:
    return Today().look(load_business(), language, NOW + ahead)


def cards(part: str, language: str = "fi") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = look(language)["parts"][part]["cards"]
    return found


def badges(card: dict[str, Any]) -> list[str]:
    return [badge["text"] for badge in card.get("badges", [])]


def test_appointments_of_today_and_the_days_to_come(busy: Path) -> None:
    part = look()["parts"]["appointments"]
    assert [(card["group"], card["title"]) for card in part["cards"]] == [
        ("Tänään, ma 23.11.", "Veikko Virtanen"),
        ("Tänään, ma 23.11.", "Liisa Lahtinen"),
        ("Tänään, ma 23.11.", "Robin Smith"),
        ("Tänään, ma 23.11.", "Kaisa Koski"),
        ("Huomenna, ti 24.11.", "Maija Meikäläinen"),
        ("To 26.11.", "Matti Meikäläinen"),
    ]
    assert part["count"] == 3, "today's that are not cancelled"


def test_an_appointment_says_all_that_staff_need(busy: Path) -> None:
    over, now, late, cancelled, *_ = cards("appointments")
    assert over["is_past"] and "is_past" not in now
    assert now["lead"] == "10.00–11.00"
    assert now["details"] == ["Hiustenleikkaus · Sara · tunnus CD4EFG"]
    assert badges(now) == ["Nyt", "Vahvistettu"]
    assert now["quotes"] == ["Olen herkkä hajusteille, käyttäisitkö hajusteetonta shampoota."]
    assert now["links"] == [
        {"text": "+358 45 5550121", "href": "tel:+358455550121"},
        {"text": "liisa@posti.example", "href": "mailto:liisa@posti.example"},
    ]
    assert badges(late) == ["15 min myöhässä"]
    assert badges(cancelled) == ["Peruttu"] and cancelled["is_past"]


def test_everything_in_english_too(busy: Path) -> None:
    parts = look("en")["parts"]
    late = parts["appointments"]["cards"][2]
    assert late["lead"] == "11:00–11:30"
    assert late["details"] == ["Short haircut · Mikko · code EF6GHJ"]
    assert badges(late) == ["15 min late"]
    assert parts["appointments"]["cards"][4]["group"] == "Tomorrow, Tue 24 Nov"
    assert [card["title"] for card in parts["tickets"]["cards"]] == ["Complaint", "Return"]


def test_a_service_that_is_gone_from_the_page_keeps_its_id(busy: Path) -> None:
    from tiski.db.tables import Appointment

    with session() as db:
        for row in db.scalars(select(Appointment)):
            row.service_id, row.staff_id = "hot_stones", "gone"
    assert cards("appointments")[0]["details"] == ["Hot_stones · gone · tunnus AB3CDE"]


def test_open_tickets_come_by_their_promise(busy: Path) -> None:
    overdue, later = cards("tickets")
    assert overdue["title"] == "Reklamaatio" and badges(overdue) == ["Myöhässä"]
    assert overdue["quotes"] == ["Väri on ihan eri kuin sovittiin, haluaisin että se korjataan."]
    assert overdue["who"] == "Anneli Aho" and overdue["transcript"] == "TX4C9M"
    assert later["details"] == [
        "Vastattava viimeistään klo 12.10",
        "10236 · tunnus T7KQ3R · tuli klo 9.45",
    ]
    assert badges(later) == []


def test_a_transcript_is_given_as_it_was_said(busy: Path) -> None:
    said = transcript("TX4C9M")
    assert said is not None and said[-1] == {
        "from": "customer",
        "text": f"väri on ihan eri {WICKED}",
    }
    assert transcript("T7KQ3R") == [] and transcript("NOSUCH") is None


def test_leads_and_the_waiting_list(busy: Path) -> None:
    [lead] = cards("leads")
    assert lead["title"] == "Noora Niemi" and badges(lead) == ["Täyttää ehdot"]
    assert lead["details"][0] == "Milloin: heinäkuun alussa · Budjetti: 800 €"
    [waiting] = cards("waiting")
    assert waiting["details"] == ["Värjäys ja leikkaus · Aino · tuli klo 9.10"]
    assert waiting["quotes"] == ["joku ilta tällä viikolla, mieluiten torstai"]


def test_orders_asked_about_are_those_with_a_number(busy: Path) -> None:
    assert [(card["title"], *badges(card)) for card in cards("orders")] == [
        ("Tilaus 10234", "Hoidettu"),
        ("Tilaus 10239", "Ei onnistunut"),
    ]


def test_messages_that_were_not_understood_newest_first_as_typed(busy: Path) -> None:
    say((WICKED, "nlu_fallback", NOW))
    found = cards("unknown")
    assert [card["quotes"][0] for card in found] == [
        WICKED,
        "onks mun takki jääny teille vai mihkä",
        "what's the capital of Peru?",
        "voiko teille tulla koiran kans istuskeleen",
    ]
    assert badges(found[2]) == ["Muu asia"]


def test_a_message_shows_at_the_next_look(busy: Path) -> None:
    today = Today()
    before = today.look(load_business(), "fi", NOW)["parts"]["unknown"]["count"]
    say(("häh?", "greet", NOW), ("blorbs", "nlu_fallback", NOW))
    after = today.look(load_business(), "fi", NOW)["parts"]["unknown"]
    assert (before, after["count"]) == (3, 4)
    assert after["cards"][0]["quotes"] == ["blorbs"]


def test_feedback(busy: Path) -> None:
    rated, unhelpful = cards("feedback")
    assert badges(rated) == ["5 / 5"] and rated["quotes"] == ["Helppo varata, kiitos!"]
    assert rated["details"] == ["Aihe: Ajanvaraus · klo 9.52"]
    assert unhelpful["title"] == "Vastaus ei auttanut"


def test_the_figures_are_of_what_began_today(busy: Path) -> None:
    assert look()["figures"] == {"begun": 8, "done": 3, "handed_over": 1, "abandoned": 1}
    tomorrow = look(ahead=timedelta(days=1))["figures"]
    assert tomorrow == {"begun": 0, "done": 0, "handed_over": 0, "abandoned": 0}


def test_what_customers_left_is_closed_first(busy: Path) -> None:
    look()
    with reading() as db:
        ongoing = list(db.scalars(select(Outcome).where(Outcome.ended_at.is_(None))))
    assert [row.conversation_id for row in ongoing] == ["web-5"]


def test_an_empty_desk_is_no_error(var: Path) -> None:
    parts = look()["parts"]
    assert all(part["cards"] == [] and not part["count"] for part in parts.values())


def test_a_day_without_appointments_says_so_above_the_next_ones(busy: Path) -> None:
    today = Today().look(load_business(), "fi", NOW + timedelta(days=2))["parts"]["appointments"]
    assert [card["title"] for card in today["cards"]] == [
        "Tänään ei ole aikoja.",
        "Matti Meikäläinen",
    ]
    assert today["count"] == 0


def test_what_does_not_fit_is_counted(busy: Path) -> None:
    with session() as db:
        for number in range(60):
            db.add(
                Ticket(
                    code=f"Z{number}",
                    kind="request_human",
                    need="?",
                    language="fi",
                    transcript=[],
                    created_at=NOW,
                )
            )
    part = look()["parts"]["tickets"]
    assert (part["count"], len(part["cards"]), part["more"]) == (62, 50, "ja 12 muuta")


def test_conversations_that_cannot_be_read_spoil_nothing_else(busy: Path) -> None:
    from tiski.db.session import conversations_url, engine_for

    engine_for(conversations_url()).dispose()
    engine_for.cache_clear()
    for file in busy.glob("conversations.db*"):
        file.write_bytes(b"no database at all" * 100)
    parts = look()["parts"]
    assert (
        parts["unknown"]["error"]
        == "Tiedot eivät ole juuri nyt saatavilla. Yritä hetken päästä uudelleen."
    )
    assert parts["tickets"]["count"] == 2


def test_a_look_writes_nothing_but_what_was_left(busy: Path) -> None:
    today = Today()
    today.look(load_business(), "fi", NOW)
    with session() as db:  # somebody else is writing: a look does not wait for it
        db.add(Outcome(conversation_id="w", use_case="x", began_at=NOW, touched_at=NOW))
        db.flush()
        assert today.look(load_business(), "fi", NOW)["figures"]["begun"] == 8


def test_a_shop_without_appointments_shows_none(var: Path) -> None:
    shop = load_business(ROOT / "docs" / "examples" / "tea-shop.yml")
    parts = Today().look(shop, "fi", NOW)["parts"]
    assert {"appointments", "waiting"} & set(parts) == set()
    assert {"tickets", "orders", "unknown", "feedback"} <= set(parts)


def test_what_was_booked_is_shown_although_bookings_are_off_by_now(busy: Path) -> None:
    salon = load_business()
    closed = salon.copy(update={"off": [*salon.off, "book_appointment"]})
    assert not closed.offers("book_appointment")
    assert Today().look(closed, "fi", NOW)["parts"]["appointments"]["cards"]


def test_words_stand_in_both_languages() -> None:
    assert all(set(texts) == {"fi", "en"} for texts in _all().values())


@pytest.mark.parametrize("language", ["fi", "en"])
def test_every_wish_has_a_name(language: str) -> None:
    domain = YAML(typ="safe").load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    names = [next(iter(i)) if isinstance(i, dict) else i for i in domain["intents"]]
    from tiski.insight.turns import FORM_USE_CASES, SINGLE_TURN

    wishes = {name for of in FORM_USE_CASES.values() for name in of} | SINGLE_TURN
    assert wishes <= set(names)
    assert [wish for wish in sorted(wishes) if "_" in kind(wish, language)] == []
    assert all(kind(wish, language) != wish for wish in wishes)
