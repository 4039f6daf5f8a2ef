"""The tables of time expressions, one per language, read and tried."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from tiski.nlu.time import KINDS, TimeSpan, find_times, supported_languages

HELSINKI = ZoneInfo("Europe/Helsinki")
TIMES = frozenset({"time"})
TABLES = sorted(Path(__file__).parent.glob("*.yml"))
MASSIVE = sorted(Path(__file__).parent.glob("massive/*.yml"))


def _cases() -> Iterator[Any]:
    for table in TABLES:
        # the base loader leaves every value as written
        content = yaml.load(table.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        for group in content["groups"]:
            now = _moment(group.get("now", content["now"]))
            expect_time = group.get("expect_time") == "true"
            kinds = KINDS if group.get("kinds") == "all" else TIMES
            for text, expected in group["cases"].items():
                values = expected if isinstance(expected, list) else [expected]
                values = [] if values == ["-"] else values
                for language in (table.stem, None):
                    yield pytest.param(
                        text,
                        values,
                        now,
                        expect_time,
                        kinds,
                        language,
                        id=f"{table.stem}{'' if language else '?'}: {group['kind']}: {text}",
                    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HELSINKI)


def _written(moment: datetime) -> str:
    midnight = (moment.hour, moment.minute) == (0, 0)
    return moment.strftime("%Y-%m-%d" if midnight else "%Y-%m-%d %H:%M")


def _as_in_table(span: TimeSpan) -> str:
    """The value of a span as the tables write it."""
    if span.finish is None:
        return _written(span.begin)
    finish = _written(span.finish)
    if span.begin.date() == span.finish.date() and _written(span.begin) != str(span.begin.date()):
        finish = f"{span.finish:%H:%M}"
    return f"{_written(span.begin)} .. {finish}"


def _in_full(span: TimeSpan) -> str:
    """Value and kind of a span as the tables write them."""
    kind = {
        "time": "",
        "duration": f" {span.length}",
        "recurrence": f" every {span.every}",
        "vague": " ?",
    }
    return _as_in_table(span) + kind[span.kind]


@pytest.mark.parametrize(("text", "expected", "now", "expect_time", "kinds", "language"), _cases())
def test_case(
    text: str,
    expected: list[str],
    now: datetime,
    expect_time: bool,
    kinds: frozenset[str],
    language: str | None,
) -> None:
    found = find_times(text, now=now, language=language, expect_time=expect_time, kinds=kinds)
    assert [_in_full(span) for span in found] == [value.split(" | ")[0] for value in expected]
    for span, value in zip(found, expected, strict=True):
        assert text[span.start : span.end] == span.text
        assert span.begin.tzinfo is HELSINKI
        if " | " in value:
            assert [_as_in_table(other) for other in span.alternatives] == value.split(" | ")[1:]


def test_every_language_has_a_table() -> None:
    assert [table.stem for table in TABLES] == supported_languages()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.stem)
def test_tables_have_many_cases(table: Path) -> None:
    content = yaml.load(table.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    assert sum(len(group["cases"]) for group in content["groups"]) >= 300


@pytest.mark.parametrize("table", MASSIVE, ids=lambda table: table.stem)
def test_a_random_hundred_of_other_peoples_phrases(table: Path) -> None:
    """Judged by hand: at most one wrong value, at most five phrases that are not parsed."""
    content = yaml.load(table.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    now = _moment(content["now"])
    wrong, unparsed = [], []
    for case in content["cases"]:
        said, text = case["said"], case["in"]
        places = [match.start() for match in re.finditer(re.escape(said), text)]
        found = find_times(text, now=now, language=table.stem, kinds=KINDS)
        readings = {
            "; ".join(_in_full(span) for span in found if _touches(span, at, at + len(said)))
            for at in places
        }
        if case["means"] == "-":
            unparsed.append(said)
        elif case["means"] not in readings:
            wrong.append(f"{said} < {text}: {readings}; expected {case['means']}")
    assert len(content["cases"]) == 100
    assert len(wrong) <= 1, wrong
    assert len(unparsed) <= 5


def _touches(span: TimeSpan, start: int, end: int) -> bool:
    return any(begin < end and finish > start for begin, finish in span.pieces)
