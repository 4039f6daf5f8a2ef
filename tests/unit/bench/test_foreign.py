"""tiski/bench/foreign.py: every intent of MASSIVE has its place, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tiski.bench.foreign import FOREIGN, FOREIGN_INTENTS, NOT_CLEARLY_FOREIGN, foreign_messages


def test_each_intent_of_massive_stands_once() -> None:
    names = [name for names in FOREIGN.values() for name in names] + list(NOT_CLEARLY_FOREIGN)
    assert len(names) == len(set(names)) == 60


def test_each_that_is_not_clear_says_why() -> None:
    assert all(reason.strip() for reason in NOT_CLEARLY_FOREIGN.values())


@pytest.mark.parametrize("near", ["general_greet", "calendar_set", "takeaway_query"])
def test_what_a_customer_could_write_is_not_foreign(near: str) -> None:
    assert near not in FOREIGN_INTENTS


def test_the_foreign_messages_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "dev.tsv"
    file.write_text(
        "play_music\tsoita elefanttimarssi\ngeneral_greet\thei\nweather_query\tsataako\n",
        encoding="utf-8",
    )
    assert list(foreign_messages(file)) == [
        ("play_music", "soita elefanttimarssi"),
        ("weather_query", "sataako"),
    ]


def test_an_unknown_intent(tmp_path: Path) -> None:
    file = tmp_path / "dev.tsv"
    file.write_text("play_music\tsoita\nfeed_elephant\truoki\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"dev.tsv:2: feed_elephant: not an intent of MASSIVE"):
        list(foreign_messages(file))
