"""The bench of time expressions: how marks are read and how coverage is counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tiski.bench import time_expressions
from tiski.bench.time_expressions import BenchError, Marked, count, main, read_marked, unmark

MARKUP = "wake me up at [time : nine am] on [date : friday]"


def test_marks_are_taken_out_and_their_places_kept() -> None:
    message = unmark(MARKUP)
    assert message.text == "wake me up at nine am on friday"
    assert [message.text[start:end] for _, start, end in message.phrases] == ["nine am", "friday"]
    assert [mark for mark, _, _ in message.phrases] == ["time", "date"]


def test_a_phrase_is_covered_when_all_its_words_are() -> None:
    message = unmark(MARKUP)
    nine, friday = message.text.index("nine"), message.text.index("friday")
    share = count([message], [([(nine, nine + 4), (friday, friday + 6)], 0.1)])
    assert (share.phrases, share.covered, share.touched) == (2, 1, 2)
    assert share.missed == ["nine am   <   wake me up at nine am on friday"]


def test_other_marks_are_not_counted() -> None:
    message = unmark("play [artist : prince] [general_frequency : every day]")
    assert count([message], [([], 0.1)]).phrases == 0
    assert count([message], [([], 0.1)], ("general_frequency",)).phrases == 1


def test_data_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="not there"):
        read_marked(tmp_path / "time_spans.tsv")
    assert main(["--data", str(tmp_path), "--alone"]) == 1


def test_the_table_of_a_small_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for language, markup, rest in (
        ("fi", "herätä [date : huomenna] [general_frequency : joka päivä]", "soita tänä iltana"),
        ("en", "wake me [date : tomorrow] [general_frequency : every day]", "play a song"),
    ):
        folder = tmp_path / f"massive_{language}"
        folder.mkdir()
        (folder / "time_spans.tsv").write_text(f"{unmark(markup).text}\t{markup}\n", "utf-8")
        (folder / "dev.tsv").write_text(f"x\t{rest}\nx\t{unmark(markup).text}\n", "utf-8")
    assert main(["--data", str(tmp_path), "--alone", "--show"]) == 0
    out = capsys.readouterr().out
    assert "| Tiski | fi | 1 | 100.0 | 100.0 |" in out
    assert "fi: of 1 messages of dev.tsv without a mark, 1 (100.0 %) have a time for us" in out
    assert "not marked: soita tänä iltana" in out
    assert "en: of 1 messages of dev.tsv without a mark, 0 (0.0 %) have a time for us" in out


def test_a_reader_that_cannot_be_had_is_told_and_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(time_expressions.PACKAGES, "nothing", ("./no such wheel==1", ("en",)))
    told: list[str] = []
    assert time_expressions.yardsticks(["nothing"], tmp_path, told.append) == []
    assert told and told[0].startswith("nothing is left out: ")


def test_a_message_without_marks_is_itself() -> None:
    assert unmark("hello there") == Marked("hello there", ())
