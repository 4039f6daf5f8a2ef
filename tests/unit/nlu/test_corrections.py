"""tiski/nlu/corrections.py: what is denied or taken back is no entity."""

from __future__ import annotations

from typing import Any

import pytest

from tiski.bench.entities import Extractors
from tiski.nlu.corrections import CorrectionFilter


@pytest.fixture(scope="module")
def extractors() -> Extractors:
    return Extractors()


def values(extractors: Extractors, text: str, language: str, asked: str | None = None) -> list[Any]:
    found = extractors.find(text, asked=asked, language=language)
    return [e["value"] for e in found if e["entity"] not in ("time", "product_need")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("en leikkausta vaan värjäyksen", ["colour"]),
        ("värjäys, ei leikkausta", ["colour"]),
        ("ei Ainolle vaan Saralle", ["sara"]),
        ("Mikolle eikä Saralle", ["mikko"]),
        ("en halua Mikkoa", []),
        ("värjäys ilman leikkausta", ["colour"]),
        ("kuka vaan paitsi Mikko", ["any"]),
        ("2 kpl, ei kun 3 kpl", [3]),
        ("tilaus 10321, eiku 10322", ["10322"]),
        ("ei tilaus 10301 vaan 10302", ["10302"]),
        ("juhlakampaus, ei siis föönausta", ["styling"]),
        # what only looks denied
        ("ei kun föönaus", ["blow_dry"]),
        ("ei, värjäys", ["colour"]),
        ("ei kiitos Mikko", ["mikko"]),
        ("en oo saanu tilausta 10316", ["10316"]),
        ("en tiedä haluanko raidat", ["highlights"]),
        ("eikö Aino ole töissä", ["aino"]),
        ("tilaukset 10317 ja 10318", ["10317", "10318"]),
    ],
)
def test_finnish(extractors: Extractors, text: str, expected: list[Any]) -> None:
    assert values(extractors, text, "fi") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("not Anna but Mari is the name", ["Mari"]),
        ("not a trim but a fade", ["short_haircut"]),
        ("i don't want Sara", []),
        ("anyone except Leevi", ["any"]),
        ("a cut, actually colour", ["colour"]),
        ("i meant order 10301 not 10302", ["10301"]),
        ("b@letter.example, not a@letter.example", ["b@letter.example"]),
        ("conditioner, no, shampoo", ["shampoo"]),
        ("no, Aino", ["aino"]),
        ("i don't have order 10301", ["10301"]),
        ("two conditioners and one shampoo", ["conditioner", "shampoo", 1, 2]),
    ],
)
def test_english(extractors: Extractors, text: str, expected: list[Any]) -> None:
    assert sorted(values(extractors, text, "en"), key=str) == sorted(expected, key=str)


def entity(kind: str, start: int, end: int, **more: Any) -> dict[str, Any]:
    return {"entity": kind, "value": kind, "start": start, "end": end, **more}


def test_which_kinds_are_left_out_alone_is_a_parameter() -> None:
    text = "en halua Mikkoa"
    named = [entity("staff", 9, 15)]
    assert CorrectionFilter({}).left_out(text, named) == named
    assert CorrectionFilter({"alone": []}).left_out(text, named) == []
    assert CorrectionFilter({"ignored": ["staff"]}).left_out(text, named) == []


def test_entities_without_a_place_stay() -> None:
    assert CorrectionFilter({}).left_out("ei", [{"entity": "language", "value": "fi"}]) == []
