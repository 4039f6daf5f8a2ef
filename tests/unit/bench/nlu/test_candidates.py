"""Candidates and their processes: training, answering, and what happens when they cannot."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from tiski.bench.nlu import nlpjs
from tiski.bench.nlu.answers import Answer
from tiski.bench.nlu.candidates import ByProbability, TfidfCandidate
from tiski.bench.nlu.command import main
from tiski.bench.nlu.run import measure
from tiski.bench.nlu.sets import DataSet, Example, Part

_EXAMPLES = [
    *(Example(text, "greet", "en") for text in ("hello", "hello there", "hi hello", "oh hello")),
    *(Example(text, "stop", "en") for text in ("stop", "stop it", "please stop", "stop now")),
]


def small() -> DataSet:
    inside = [Example("hello you", "greet", "en"), Example("stop that", "stop", "en")]
    part = Part("small", "en", inside, ["what is the weather"], 0.95, {"caps": ["HELLO", "STOP"]})
    return DataSet("small", _EXAMPLES, [part])


def test_the_most_probable_class_is_the_answer() -> None:
    rows = np.array([[0.2, 0.7, 0.1], [0.3, 0.1, 0.6]])
    answerer = ByProbability(["greet", "stop", "out_of_scope"], lambda texts: rows[: len(texts)])
    assert answerer.answer(["a", "b"]) == [
        Answer("stop", 0.7, pytest.approx(0.875), "sure"),
        Answer("out_of_scope", 0.6, pytest.approx(1 / 3), "fallback"),
    ]
    assert answerer.answer([]) == []


def test_tfidf_learns_and_is_read_back(tmp_path: Path) -> None:
    TfidfCandidate().train(_EXAMPLES, tmp_path)
    found = TfidfCandidate().load(tmp_path).answer(["hello you", "stop that"])
    assert [answer.label for answer in found] == ["greet", "stop"]


def test_a_candidate_is_measured_in_processes_of_its_own() -> None:
    cell = measure("tfidf", small(), limit=300)
    assert cell.reason == ""
    assert cell.training is not None and cell.served is not None
    assert cell.training.seconds > 0 and cell.training.megabytes > 50
    answers = cell.served.parts["small"]
    assert [answer.label for answer in answers.inside] == ["greet", "stop"]
    assert len(answers.milliseconds) == 2
    assert len(answers.outside) == 1
    assert answers.spoilt == {"caps": ["greet", "stop"]}


def test_a_training_that_takes_too_long_is_not_run() -> None:
    cell = measure("default", small(), limit=0.5)
    assert cell.reason == "train took over 0 s" or cell.reason.startswith("train took over")
    assert cell.served is None


def test_without_node_nlpjs_is_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda program: None)
    assert measure("nlpjs", small(), limit=60).reason == "no node"


def test_the_packages_of_nlpjs_are_pinned_and_have_no_address() -> None:
    lock = (nlpjs.SOURCE / "package-lock.json").read_text(encoding="utf-8")
    assert '"integrity"' in lock
    assert "resolved" not in lock


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--only", "own,nonsense"], "nonsense: not known"),
        (["--yardsticks", "tiski"], "tiski: not known"),
        (["--share", "0.1", "--write"], "not with --share"),
    ],
)
def test_a_slip_on_the_command_line_is_told(
    given: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "massive_fi").mkdir()
    (tmp_path / "massive_fi" / "dev.tsv").touch()
    with pytest.raises(SystemExit):
        main(["--data", str(tmp_path), *given])
    assert said in capsys.readouterr().err


def test_a_folder_without_data_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--data", str(tmp_path)])
    assert "no massive_fi/dev.tsv" in capsys.readouterr().err
