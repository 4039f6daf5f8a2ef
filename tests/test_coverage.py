"""Nothing of the dialogue is untested: each intent, question, form, rule and action is reached.

Conversations are recorded as they are played (`Player.record`, tests/conversations/conftest.py).
Pytest plays them before this file; where none was played, only what stories reach is asked for.
"""

from __future__ import annotations

import pytest
from reached import CONVERSATIONS

from tiski.checks.coverage import of_stories, unreached
from tiski.checks.project import Project
from tiski.paths import ROOT

STORIES = ROOT / "tests" / "stories"
# Forms' validations and questions take many conversations: a few that were picked do not show them
_ALL_FORMS = set(Project(ROOT).form_slots)


def test_stories_reach_everything_that_stories_can() -> None:
    problems = unreached(Project(ROOT), of_stories(STORIES), None)
    assert problems == [], "\n" + "\n".join(map(str, problems))


def test_stories_and_conversations_reach_everything() -> None:
    if _ALL_FORMS - CONVERSATIONS.forms:
        pytest.skip("not all conversations were played in this run")
    problems = unreached(Project(ROOT), of_stories(STORIES), CONVERSATIONS)
    assert problems == [], "\n" + "\n".join(map(str, problems))
