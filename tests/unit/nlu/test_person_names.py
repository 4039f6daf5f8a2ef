"""tiski/nlu/person_names.py: names of people by what stands around them."""

from __future__ import annotations

import pytest

from tiski.nlu.person_names import bare_name, find_names


def names(text: str, asked: str | None = None) -> list[str]:
    found = find_names(text, asked=asked)
    assert all(name.value.casefold() == text[name.start : name.end].casefold() for name in found)
    return [name.value for name in found]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("mun nimi on pekka ja haluisin ajan", "Pekka"),
        ("oon siis Ulla", "Ulla"),
        ("tässä Petri moi", "Petri"),
        ("nimeni on ville de la cruz", "Ville de la Cruz"),
        ("varaus on nimellä o'neill", "O'Neill"),
        ("mä oon Mohammed al-Farsi", "Mohammed al-Farsi"),
        ("terv. Marko", "Marko"),
        ("Leena Korhonen on nimi", "Leena Korhonen"),
        ("i'm daniel and i'd like", "Daniel"),
        ("call me Ishmael", "Ishmael"),
        ("it's Wendy Brown", "Wendy Brown"),
        ("Jill here", "Jill"),
        ("put it under McAllister", "McAllister"),
        ("my name is Jo Brown, jo@post.example", "Jo Brown"),
        ("nimi on Amartya Sen", "Amartya Sen"),
        ("NIMI ON MATTI MEIKÄLÄINEN", "Matti Meikäläinen"),
    ],
)
def test_announced(text: str, name: str) -> None:
    assert names(text) == [name]


@pytest.mark.parametrize(
    "text",
    ["olen Tampereella", "onko täällä Aino?", "it's Mikko i want", "this is urgent", "is Mikko here",
     "call me back", "nimi puuttuu", "my name is spelled wrong", "mikä nimi on laskussa", "oon asiakas",
     "it's Y3H5MN", "it's LAHJA-4R9T", "sorry, I don't speak Finnish", "olen", "my name is", ""],
)  # fmt: skip
def test_no_name(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ("matti", "Matti"),
        ("se on Matti Mallikas", "Matti Mallikas"),
        ("no Erkki vaan", "Erkki"),
        ("Ok, Lee", "Lee"),
        ("Jo", "Jo"),
        ("laita vaikka Anne", "Anne"),
        ("mary-ann mcdonald", "Mary-Ann McDonald"),
    ],
)
def test_the_whole_answer(answer: str, name: str) -> None:
    assert names(answer, asked="contact_name") == [name]
    assert names(answer, asked="staff") in ([], [name])


@pytest.mark.parametrize(
    "answer", ["joo", "why?", "en halua sanoa", "mitä teette sillä", "12", "<b>"]
)
def test_an_answer_without_a_name(answer: str) -> None:
    assert bare_name(answer) is None


def test_a_name_beside_a_number() -> None:
    text = "liisa virta 045 555 0138"
    assert [name.value for name in find_names(text, taken=[(12, 24)])] == ["Liisa Virta"]
    assert find_names("soita pian 045 555 0138", taken=[(11, 23)]) == []
