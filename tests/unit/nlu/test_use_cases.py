"""tiski/nlu/use_cases.py: what a business does not do, and what it does not talk about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from tiski.nlu.use_cases import UseCaseGate, asked_for
from tiski.paths import ROOT


def gate(page: str, monkeypatch: pytest.MonkeyPatch) -> UseCaseGate:
    monkeypatch.setenv("TISKI_BUSINESS", page)
    return UseCaseGate({})


@pytest.fixture
def workshop(monkeypatch: pytest.MonkeyPatch) -> UseCaseGate:
    """Appointments, no shop."""
    return gate("docs/examples/bicycle-repair.yml", monkeypatch)


@pytest.fixture
def tea_shop(monkeypatch: pytest.MonkeyPatch) -> UseCaseGate:
    """A shop, no appointments."""
    return gate("docs/examples/tea-shop.yml", monkeypatch)


class Asking:
    """A tracker in a form that asks for a slot."""

    def __init__(self, slot: str) -> None:
        self.slot = slot

    def get_slot(self, name: str) -> str | None:
        return self.slot if name == "requested_slot" else None


def through(gate: UseCaseGate, text: str, asked: str = "", **ranking: float) -> Message:
    guesses = [{"name": n.replace("__", "/"), "confidence": c} for n, c in ranking.items()]
    message = Message(data={TEXT: text, "intent_ranking": guesses, "intent": guesses[0]})
    tracker: Any = Asking(asked) if asked else None
    return gate.process([message], tracker)[0]


def said(message: Message) -> str:
    """The response that Rasa will say."""
    selected = message.get("response_selector") or {}
    return str(selected.get("faq", {}).get("response", {}).get("utter_action", ""))


def names(message: Message) -> list[str]:
    return [guess["name"] for guess in message.get("intent_ranking")]


def test_what_is_on_passes_as_it_is(workshop: UseCaseGate) -> None:
    message = through(workshop, "varaa aika", book_appointment=0.8, greet=0.1)
    assert message.get("intent")["name"] == "book_appointment"
    assert message.get("response_selector") is None


def test_what_is_off_is_answered_kindly(tea_shop: UseCaseGate) -> None:
    message = through(
        tea_shop, "varaa aika", book_appointment=0.8, check_availability=0.1, greet=0.05
    )
    assert message.get("intent") == {"name": "faq", "confidence": 0.8}
    assert said(message) == "utter_not_here"
    assert names(message) == ["faq/not_here", "greet"]
    assert asked_for({"response_selector": message.get("response_selector")}) == "book_appointment"


def test_what_is_off_is_never_a_choice(workshop: UseCaseGate) -> None:
    message = through(workshop, "se viime viikon", greet=0.1, check_order_status=0.09, thank=0.05)
    assert names(message) == ["greet", "thank"]


def test_the_next_best_takes_over_when_it_is_near(workshop: UseCaseGate) -> None:
    message = through(workshop, "peru se", cancel_order=0.4, cancel_appointment=0.3, stop=0.1)
    assert message.get("intent") == {"name": "cancel_appointment", "confidence": 0.3}
    message = through(workshop, "peru tilaus", cancel_order=0.7, cancel_appointment=0.2)
    assert said(message) == "utter_not_here"


def test_a_price_in_a_shop_is_one_of_goods(tea_shop: UseCaseGate) -> None:
    message = through(tea_shop, "paljonko sencha maksaa", faq__prices=0.6, ask_product=0.1)
    assert message.get("intent") == {"name": "ask_product", "confidence": 0.6}
    assert names(message) == ["ask_product"]


@pytest.mark.parametrize("text", ["Dopingista puheen ollen", "doping?", "varastetun pyörän kauppa"])
def test_a_forbidden_topic_in_any_form(workshop: UseCaseGate, text: str) -> None:
    message = through(workshop, text, inform=0.4, greet=0.1)
    assert said(message) == "utter_forbidden_topic"
    assert message.get("intent")["confidence"] == 1.0


def test_what_is_told_to_a_person_is_never_refused(workshop: UseCaseGate) -> None:
    message = through(workshop, "löysin varastetun pyörän", asked="need", inform=0.4)
    assert message.get("intent")["name"] == "inform"
    message = through(workshop, "löysin varastetun pyörän", asked="service", inform=0.4)
    assert said(message) == "utter_forbidden_topic"


def test_an_own_question_passes_and_one_that_is_gone_does_not(workshop: UseCaseGate) -> None:
    message = through(workshop, "lainapyörä", faq__own_loan_bike=0.9, greet=0.1)
    assert names(message) == ["faq/own_loan_bike", "greet"]
    assert said(through(workshop, "wifi", faq__own_wifi=0.9, greet=0.1)) == "utter_not_here"


def test_buttons_and_messages_without_a_ranking_are_left_alone(tea_shop: UseCaseGate) -> None:
    message = Message(data={TEXT: "/book_appointment", "intent_ranking": [{"name": "x"}]})
    assert tea_shop.process([message])[0].get("response_selector") is None
    assert tea_shop.process([Message(data={TEXT: "moi"})])[0].get("intent") is None


def test_the_gate_stands_between_the_classifier_and_the_fallback() -> None:
    config = Path(ROOT / "config.yml").read_text(encoding="utf-8")
    places = [
        config.index(f"name: {name}")
        for name in ("tiski.nlu.intent", "tiski.nlu.use_cases", "tiski.nlu.fallback")
    ]
    assert places == sorted(places)


def two(gate: UseCaseGate, first: str, second: str, start: int = 10) -> Message:
    """A message of two wishes, the second from `start` to its end."""
    text = "x" * 30
    guess = {"name": first, "confidence": 0.8}
    wish = {"intent": second, "confidence": 0.7, "start": start, "end": 30 if start else 10}
    data = {TEXT: text, "intent_ranking": [guess], "intent": guess, "second_wish": wish}
    return gate.process([Message(data=data)])[0]


def test_a_second_wish_that_is_off_is_answered_with_the_first(tea_shop: UseCaseGate) -> None:
    message = two(tea_shop, "check_order_status", "book_appointment")
    assert message.get("intent")["name"] == "check_order_status"
    second = message.get("second_wish")
    assert (second["intent"], second["use_case"]) == ("faq/not_here", "book_appointment")
    assert asked_for({"second_wish": second}) == "book_appointment"


@pytest.mark.parametrize(("start", "place"), [(10, (0, 10)), (0, (10, 30))])
def test_a_first_wish_that_is_off_does_not_keep_the_second(
    tea_shop: UseCaseGate, start: int, place: tuple[int, int]
) -> None:
    message = two(tea_shop, "book_appointment", "check_order_status", start)
    assert message.get("intent") == {"name": "check_order_status", "confidence": 0.7}
    assert not message.get("response_selector")
    second = message.get("second_wish")
    assert (second["intent"], second["use_case"]) == ("faq/not_here", "book_appointment")
    assert (second["start"], second["end"]) == place


def test_two_wishes_that_are_off_get_one_answer(tea_shop: UseCaseGate) -> None:
    message = two(tea_shop, "book_appointment", "cancel_appointment")
    assert said(message) == "utter_not_here"
    assert message.get("second_wish") is None


def test_two_wishes_that_are_on_stay_as_they_are(workshop: UseCaseGate) -> None:
    message = two(workshop, "book_appointment", "faq/parking")
    assert message.get("second_wish")["intent"] == "faq/parking"
