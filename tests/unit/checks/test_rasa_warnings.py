"""tiski/checks/rasa_warnings.py: which of Rasa's warnings are errors."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tiski.checks.rasa_warnings import collected, judge, known

UNUSED = "UserWarning: The utterance 'utter_booked' is not used in any story or rule."
ENTRIES = [
    {
        "pattern": r"The utterance '(?P<utterance>[^']+)' is not used in any story or rule\.$",
        "reason": "our own check looks for it",
    }
]


def judged(found: list[str], unused: set[str]) -> list[str]:
    return [str(problem) for problem in judge(found, unused, ENTRIES)]


def test_a_known_warning_may_stay() -> None:
    assert judged([UNUSED], set()) == []


def test_an_utterance_that_nothing_says_may_not() -> None:
    assert judged([UNUSED], {"utter_booked"}) == [
        f"rasa data validate: utter_booked: {UNUSED};"
        " expected a rule, a form or an action that says it"
    ]


def test_any_other_warning_is_an_error() -> None:
    assert judged([UNUSED, "UserWarning: The intent 'fly' is not listed"], set()) == [
        "rasa data validate: warning: UserWarning: The intent 'fly' is not listed; expected no"
        " warning, or an entry with its reason in tiski/checks/known_warnings.yml"
    ]


def test_an_entry_that_never_matches_is_an_error() -> None:
    (said,) = judged([], set())
    assert said.endswith(
        "Rasa does not give this warning any more; expected the entry to be deleted"
    )


def test_every_known_warning_has_its_reason() -> None:
    assert all(entry["pattern"] and entry["reason"] for entry in known())


def test_a_validator_that_breaks_is_no_pass() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", "raise SystemExit('no domain')"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with pytest.raises(RuntimeError, match="Rasa's validator failed: no domain"):
        collected(process)
