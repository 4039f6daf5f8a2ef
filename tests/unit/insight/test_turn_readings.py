"""tiski/insight/turns.py: what one turn says of a use case."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tiski.insight.turns import FORM_USE_CASES, SINGLE_TURN, read_turn

ROOT = Path(__file__).parents[3]
Events = list[dict[str, Any]]


def user(intent: str, text: str = "words") -> dict[str, Any]:
    parsed: dict[str, Any] = {"intent": {"name": intent.partition("/")[0]}}
    if "/" in intent:
        answer = {"response": {"intent_response_key": intent}}
        parsed["response_selector"] = {"faq": answer}
    return {"event": "user", "text": text, "parse_data": parsed, "input_channel": "web"}


def slot(name: str, value: Any) -> dict[str, Any]:
    return {"event": "slot", "name": name, "value": value}


def loop(name: str | None) -> dict[str, Any]:
    return {"event": "active_loop", "name": name}


def bot(*payloads: str, utter: str = "utter_x") -> dict[str, Any]:
    buttons = [{"title": "x", "payload": payload} for payload in payloads]
    return {"event": "bot", "data": {"buttons": buttons}, "metadata": {"utter_action": utter}}


OPENING = '/book_appointment{"time": "2026-11-24T10:00:00+02:00"}'


def test_a_form_begins_and_asks() -> None:
    events = [
        user("book_appointment"),
        loop("appointment_form"),
        slot("language", "fi"),
        slot("requested_slot", "appointment_start"),
        bot(OPENING, OPENING, "/stop"),
    ]
    reading = read_turn(events, None)
    assert reading.begun == ("book_appointment",)
    assert reading.ended is None and reading.result is None
    assert (reading.question, reading.form) == ("appointment_start", "appointment_form")
    assert (reading.offers_shown, reading.offers_taken) == (2, 0)
    assert (reading.language, reading.channel) == ("fi", "web")


@pytest.mark.parametrize("result", ["done", "stopped", "failed"])
def test_a_form_ends_as_its_last_action_says(result: str) -> None:
    said = {"result": result, "reference": "K7M2QX"}
    events = [
        user("affirm", OPENING),
        loop(None),
        slot("requested_slot", None),
        slot("outcome", said),
    ]
    reading = read_turn(events, "appointment_form")
    assert (reading.ended, reading.result) == ("book_appointment", result)
    assert (reading.reference, reading.offers_taken) == ("K7M2QX", 1)
    assert reading.form is None and reading.begun == ()


def test_a_form_whose_last_action_says_nothing_has_failed() -> None:
    reading = read_turn([user("affirm"), loop(None)], "cancel_order_form")
    assert (reading.ended, reading.result) == ("cancel_order", "failed")


def test_a_form_that_begins_and_ends_in_one_turn_keeps_the_intent() -> None:
    events = [
        user("delete_my_data"),
        loop("privacy_form"),
        loop(None),
        slot("outcome", {"result": "done"}),
    ]
    reading = read_turn(events, None)
    assert reading.begun == ("delete_my_data",) and reading.ended == "delete_my_data"


def test_a_question_begins_and_ends_at_once_also_inside_a_form() -> None:
    alone = read_turn([user("faq/parking"), bot()], None)
    assert (alone.begun, alone.ended, alone.result) == (("faq/parking",), "faq/parking", "done")
    inside = read_turn([user("faq/parking"), bot()], "appointment_form")
    assert (inside.ended, inside.form) == ("faq/parking", "appointment_form")


def test_an_apology_is_a_failure() -> None:
    events = [user("check_availability"), bot(utter="utter_system_unavailable")]
    assert read_turn(events, None).result == "failed"


@pytest.mark.parametrize("intent", ["greet", "affirm", "nlu_fallback", "out_of_scope"])
def test_small_talk_is_no_use_case(intent: str) -> None:
    reading = read_turn([user(intent), bot()], None)
    assert reading.begun == () and reading.ended is None


@pytest.mark.parametrize("text", ["/", "/x{", "/x{}", '/x{"time"', '/x["time"]', '{"time": 1}'])
def test_what_is_no_offer(text: str) -> None:
    assert read_turn([user("greet", text)], None).offers_taken == 0


def test_the_conversation_begins_again() -> None:
    events = [user("start_over"), loop(None), slot("outcome", {"result": "stopped", "all": True})]
    assert read_turn(events, "appointment_form").all_stopped


def test_every_form_has_the_use_cases_that_its_rules_begin() -> None:
    yaml = YAML(typ="safe")
    forms = set(yaml.load((ROOT / "domain.yml").read_text(encoding="utf-8"))["forms"])
    assert set(FORM_USE_CASES) == forms
    begun: dict[str, set[str]] = {}
    single: set[str] = set()
    for file in (ROOT / "data/rules").glob("*.yml"):
        for rule in yaml.load(file.read_text(encoding="utf-8"))["rules"]:
            steps = rule["steps"]
            intent, action = steps[0].get("intent"), steps[1].get("action")
            if intent and action in forms:
                begun.setdefault(action, set()).add(intent)
            elif intent:
                single.add(intent)
    for form, intents in begun.items():
        assert intents <= set(FORM_USE_CASES[form]), form
    assert single >= SINGLE_TURN
