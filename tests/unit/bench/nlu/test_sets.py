"""tiski/bench/nlu/sets.py: what is read, and that training and held-out data stay apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from tiski.bench.nlu.sets import (
    LANGUAGES,
    OUT_OF_SCOPE,
    SETS,
    Example,
    held_out,
    own,
    own_training,
    smaller,
)
from tiski.bench.robustness import VARIANTS

_SAYINGS = "play_music\tsoita {0}\ngeneral_greet\thei {0}\nqa_maths\tpaljonko on {0} plus yksi\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder laid out as the public data is."""
    files = {
        "banking77_10shot": ("train", "test"),
        "clinc150_10shot": ("train", "test", "oos_test"),
        "massive_fi": ("train_20", "dev"),
        "massive_en": ("train_20", "dev"),
    }
    for folder, names in files.items():
        (tmp_path / folder).mkdir()
        for name in names:
            lines = "".join(_SAYINGS.format(number) for number in range(20))
            (tmp_path / folder / f"{name}.tsv").write_text(lines, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", [name for name in SETS if name != "own"])
def test_public_sets_are_read(data: Path, name: str) -> None:
    found = SETS[name](data)
    language = "fi" if name == "massive_fi" else "en"
    (part,) = found.parts
    assert found.train[0] == Example("soita 0", "play_music", language)
    assert len(found.train) == len(part.inside) == 60
    assert len(part.outside) == (60 if name == "clinc150" else 0)


def test_the_own_set_is_trained_once_and_measured_in_each_language(data: Path) -> None:
    found = own(data)
    assert {example.language for example in found.train} == set(LANGUAGES)
    assert [part.language for part in found.parts] == list(LANGUAGES)
    for part in found.parts:
        assert {example.language for example in part.inside} == {part.language}
        # a greeting is not clearly foreign
        assert part.outside[:2] == ["soita 0", "paljonko on 0 plus yksi"]
        assert part.kept == 0.97


def test_out_of_scope_is_learnt_and_not_counted_among_what_is_kept(data: Path) -> None:
    found = own(data)
    assert OUT_OF_SCOPE in {example.label for example in found.train}
    assert OUT_OF_SCOPE not in {e.label for part in found.parts for e in part.inside}


def test_each_message_is_spoilt_in_every_way(data: Path) -> None:
    for part in own(data).parts:
        assert list(part.spoilt) == list(VARIANTS)
        assert {len(texts) for texts in part.spoilt.values()} == {len(part.inside)}
        shouted = [example.text.upper() for example in part.inside]
        assert part.spoilt["upper case"] == shouted


def test_no_held_out_message_is_trained_on() -> None:
    learnt = {example.text.casefold() for example in own_training() if len(example.text) > 12}
    for language in LANGUAGES:
        assert not learnt & {example.text.casefold() for example in held_out(language)}


def test_labels_of_the_held_out_data_can_be_learnt() -> None:
    learnt = {example.label for example in own_training()}
    for language in LANGUAGES:
        assert {example.label for example in held_out(language)} <= learnt


def test_a_smaller_set_keeps_rows_together(data: Path) -> None:
    whole = own(data)
    half = smaller(whole, 0.5)
    assert half.train == whole.train
    for part, full in zip(half.parts, whole.parts, strict=True):
        assert abs(len(part.inside) - len(full.inside) / 2) <= 1
        assert part.spoilt["upper case"] == [example.text.upper() for example in part.inside]
    assert smaller(whole, 0.5) == half
