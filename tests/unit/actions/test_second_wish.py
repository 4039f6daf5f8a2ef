"""actions/second_wish.py: every wish that may wait for its turn has a name for when it comes."""

from __future__ import annotations

import pytest

from actions.second_wish import first_action
from tiski import words
from tiski.checks.code import families
from tiski.checks.project import Project
from tiski.nlu.two_wishes import NO_WISHES
from tiski.paths import ROOT

# Understood, but never beside another wish
_ALONE = NO_WISHES | {"nlu_fallback"}


@pytest.fixture(scope="module")
def wishes() -> set[str]:
    """The intents that an action serves and that may be the second of a message."""
    intents = Project(ROOT).intents | {"nlu_fallback"}
    return {each for each in intents if first_action(each)} - _ALONE - {"faq"}


def test_the_check_of_the_data_knows_them_all(wishes: set[str]) -> None:
    assert set(families()["words_wish_{name}"]["members"]) == wishes


def test_they_are_named_as_things_not_as_what_a_button_says(wishes: set[str]) -> None:
    for wish in wishes:
        for language in ("fi", "en"):
            name = words.phrase(f"words_wish_{wish}", language)
            assert name != words.phrase(f"choice_{wish}", language)
            assert name[0].islower() and name[-1].isalpha(), name
