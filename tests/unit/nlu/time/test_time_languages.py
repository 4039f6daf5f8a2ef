"""tiski/nlu/time: a language is a folder of tables, and a fault in one is told."""

from __future__ import annotations

import time
from pathlib import Path
from textwrap import dedent

import pytest
from one_monday import MONDAY, at, only

from tiski.nlu.time import find, find_times, supported_languages
from tiski.nlu.time.grammar import TAGS
from tiski.nlu.time.lexicon import Lexicon
from tiski.nlu.time.tables import TableError, read_language


class TestLanguages:
    def test_both_are_supported(self) -> None:
        assert supported_languages() == ["en", "fi"]

    def test_half_means_another_half(self) -> None:
        assert only("puoli kolme").begin == at("2026-11-23 14:30")
        assert only("half three").begin == at("2026-11-23 15:30")

    def test_only_the_language_asked_for_is_read(self) -> None:
        assert find_times("tomorrow", now=MONDAY, language="fi") == []

    def test_an_unknown_language_counts_as_none(self) -> None:
        assert only("tomorrow", language="xx").begin == at("2026-11-24")

    def test_tables_use_the_tags_of_the_grammar(self) -> None:
        for folder in find.LANGUAGES.glob("*/"):
            phrases = read_language(folder).phrases if folder.is_dir() else {}
            used = {tag for meaning in phrases.values() for tag, _ in meaning}
            assert used <= set(TAGS)

    def test_another_language_is_another_folder(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        swedish = _folder(
            tmp_path / "sv",
            words="""
                sets:
                  day: ["", en]
                phrases:
                  weekday tuesday: ["tisdag{day}"]
                  half_before: [halv]
                  filler: [på]
                  day 0 + part evening: [ikväll]
                parts:
                  evening: {hours: [17, 21], half: pm}
                numbers:
                  - {tag: number, from_one: [[ett], [två], [tre], [fyra]], teens: ton}
                compounds:
                  - first: {weekday tuesday: [tisdags]}
                    join: ["", " "]
                    then: {part evening: [kväll]}
            """,
            settings="settings: {hints: [jag]}",
        )
        lexicons = {**find._lexicons(), "sv": Lexicon(read_language(swedish))}
        monkeypatch.setattr(find, "_lexicons", lambda: lexicons)
        assert only("på tisdagen halv fyra").begin == at("2026-11-24 15:30")
        assert only("tisdagskväll").begin == at("2026-11-24 17:00")
        assert only("ikväll").begin == at("2026-11-23 17:00")


def _folder(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / f"{name}.yml").write_text(dedent(content), encoding="utf-8")
    return folder


class TestTables:
    @pytest.mark.parametrize(
        ("content", "complaint"),
        [
            ("phrases: {or: [tai], and: [tai]}", "phrase 'tai' means .*expected one meaning"),
            ("phrases: {weekday someday: [joskus]}", "'weekday someday': not understood"),
            ("phrases: {part dawn: [aamu]}", "'part dawn': not understood"),
            ("phrases: {unit 1 moons: [kuu]}", "'unit 1 moons': not understood"),
            ("phrases: {week 0 tail: [loppu]}", "'week 0 tail': not understood"),
            ("phrases: {holiday doomsday: [loppu]}", "'holiday doomsday': not understood"),
            ("phrases: {vague never: [ei]}", "'vague never': not understood"),
            ("phrases: {}\nparts: {dawn: {half: am}}", "'dawn': expected `hours"),
            ("phrases: {strange 1: [outo]}", "'strange 1': not understood"),
        ],
    )
    def test_a_fault_names_file_and_entry(
        self, tmp_path: Path, content: str, complaint: str
    ) -> None:
        with pytest.raises(TableError, match=rf"xx/words\.yml.*{complaint}"):
            read_language(_folder(tmp_path / "xx", words=content))

    def test_a_set_must_be_there(self, tmp_path: Path) -> None:
        with pytest.raises(TableError, match=r"xx: 'a\{b\}': there is no set 'b'"):
            read_language(_folder(tmp_path / "xx", words="phrases: {filler: ['a{b}']}"))

    def test_what_is_corrected_must_be_a_phrase(self, tmp_path: Path) -> None:
        folder = _folder(
            tmp_path / "xx",
            words="phrases: {or: [tai]}",
            settings="settings: {corrected: [huomenna]}",
        )
        with pytest.raises(TableError, match="xx: corrected: 'huomenna' is no phrase"):
            read_language(folder)

    def test_reading_is_quick(self) -> None:
        began = time.process_time()
        read_language(find.LANGUAGES / "fi")
        assert time.process_time() - began < 2  # some 0.1 s on an idle core
