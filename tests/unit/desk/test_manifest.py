"""tiski/desk/manifest.py: what is said to have changed since the last model."""

from __future__ import annotations

import re
from pathlib import Path

from tiski.desk.manifest import Manifest, changes, latest, path_of, write

BEFORE = Manifest(
    {"a.yml": "1", "b.yml": "2", "c.yml": "3"}, {"fi greet": 25, "en greet": 25}, 40, 9e8
)


def said(now: Manifest, before: Manifest | None = BEFORE) -> list[str]:
    return list(changes(before, now))


def test_files_and_counts_that_differ() -> None:
    now = Manifest(
        {"a.yml": "1", "b.yml": "other", "d.yml": "4"},
        {"fi greet": 27, "en greet": 24, "en book": 3},
    )
    first, *rest = said(now)
    assert re.fullmatch(r"Changed since the last model \(\d{4}-\d\d-\d\d \d\d:\d\d\):", first)
    assert rest == [
        "  changed: b.yml",
        "  added: d.yml",
        "  removed: c.yml",
        "  examples: en book +3, en greet -1, fi greet +2 (54 in all)",
    ]


def test_nothing_differs() -> None:
    assert said(BEFORE)[1:] == ["  no file", "  examples: as many as before (50 in all)"]


def test_the_first_model() -> None:
    assert said(BEFORE, None) == ["No earlier model to compare with; examples: 50."]


def test_a_long_list_is_cut() -> None:
    now = Manifest({**BEFORE.files, **{f"new{n}.yml": "x" for n in range(10)}}, BEFORE.examples)
    assert said(now)[1].endswith("new7.yml and 2 more")


def test_the_latest_is_the_one_that_was_made_last(tmp_path: Path) -> None:
    assert latest(tmp_path) is None
    later = Manifest({"a.yml": "5"}, {}, 41, 9e8 + 1)
    write(later, tmp_path / "tiski-a.tar.gz")
    write(BEFORE, tmp_path / "tiski-b.tar.gz")
    (tmp_path / "tiski-c.json").write_text('{"files"', encoding="utf-8")
    (tmp_path / "tiski-d.json").write_text('{"other": 1}', encoding="utf-8")
    assert latest(tmp_path) == later
    assert path_of(tmp_path / "tiski-a.tar.gz") == tmp_path / "tiski-a.json"
