"""tiski/desk/training.py: when to train, and what is said about files that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tiski.desk import training

RESPONSES = """\
responses:
  utter_greet:
    - condition: [{type: slot, name: language, value: fi}]
      text: Moi
    - condition: [{type: slot, name: language, value: en}]
      text: Hi
"""
FILES = {
    "config.yml": "recipe: default.v1\n",
    "domain.yml": "intents: [greet]\n",
    "requirements.lock": "rasa==3.6.21\n",
    "endpoints.yml": "action_endpoint: {url: x}\n",
    "credentials.yml": "rest: {}\n",
    "business.yml": "name: Aalto\n",
    "README.md": "Read me\n",
    "data/nlu/fi/greet.yml": "nlu: []\n",
    "data/responses/greet.yml": RESPONSES,
    "data/words/buttons.yml": "words: {button_yes: {fi: Kyllä, en: Yes}}\n",
    "tiski/nlu/text.py": "x = 1\n",
    "tiski/questions.py": "z = 1\n",
    "tiski/nlu/lexicon/fi/general.yml": "words: []\n",
    "tiski/answers/facts.py": "y = 1\n",
}


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project of its own."""
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    monkeypatch.setattr(training, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "name",
    [
        "config.yml",
        "domain.yml",
        "requirements.lock",
        "data/nlu/fi/greet.yml",
        "tiski/nlu/text.py",
        "tiski/questions.py",
        "tiski/nlu/lexicon/fi/general.yml",
    ],
)
def test_what_the_model_is_made_from_changes_the_fingerprint(project: Path, name: str) -> None:
    before = training.fingerprint()
    (project / name).write_text(FILES[name] + "# more\n", encoding="utf-8")
    changed = training.fingerprint()
    assert changed != before
    (project / name).write_text(FILES[name], encoding="utf-8")
    assert training.fingerprint() == before


@pytest.mark.parametrize(
    "name",
    ["business.yml", "endpoints.yml", "credentials.yml", "README.md", "tiski/answers/facts.py"],
)
def test_nothing_else_changes_the_fingerprint(project: Path, name: str) -> None:
    before = training.fingerprint()
    (project / name).write_text("changed: true\n", encoding="utf-8")
    assert training.fingerprint() == before


def test_of_responses_the_names_count_and_of_words_nothing(project: Path) -> None:
    before = training.fingerprint()
    responses = project / "data/responses/greet.yml"
    responses.write_text(RESPONSES.replace("Hi", "Hello there"), encoding="utf-8")
    (project / "data/words/buttons.yml").write_text("words: {}\n", encoding="utf-8")
    assert training.fingerprint() == before
    responses.write_text(RESPONSES.replace("greet", "hello"), encoding="utf-8")
    assert training.fingerprint() != before


def test_a_broken_file_of_responses_or_words_is_told_before_training(project: Path) -> None:
    for name in ("data/responses/greet.yml", "data/words/buttons.yml"):
        (project / name).write_text("a: [1\n", encoding="utf-8")
        with pytest.raises(training.TrainingError, match=f"{name}:2: not valid YAML"):
            training.train()
        (project / name).write_text(FILES[name], encoding="utf-8")


def test_a_file_that_comes_goes_or_moves_changes_the_fingerprint(project: Path) -> None:
    seen = {training.fingerprint()}
    new = project / "data" / "nlu" / "fi" / "thank.yml"
    new.write_text("nlu: []\n", encoding="utf-8")
    seen.add(training.fingerprint())
    new.rename(new.with_name("thanks.yml"))
    seen.add(training.fingerprint())
    assert len(seen) == 3


def test_touching_a_file_changes_nothing(project: Path) -> None:
    before = training.fingerprint()
    (project / "domain.yml").touch()
    (project / "tiski" / "nlu" / "__pycache__").mkdir()
    (project / "tiski" / "nlu" / "__pycache__" / "text.pyc").write_bytes(b"x")
    assert training.fingerprint() == before
    assert training.model_path() == project / "models" / f"tiski-{before}.tar.gz"


def test_files_that_are_sound_have_no_problems() -> None:
    assert training.yaml_problems() == []


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("nlu:\n  - intent: greet\n   examples: x\n", 3),
        ("a: 1\nb: [1, 2\n", 3),
        ("a: 1\n\tb: 2\n", 2),
        ("a: 1\na: 2\n", 2),
        ("a: *nobody\n", 1),
        ('a: "open\n', 2),
    ],
)
def test_a_problem_is_one_line_that_names_file_and_line(
    project: Path, content: str, line: int
) -> None:
    (project / "data" / "nlu" / "fi" / "greet.yml").write_text(content, encoding="utf-8")
    problems = training.yaml_problems()
    assert len(problems) == 1
    assert problems[0].startswith(f"data/nlu/fi/greet.yml:{line}: not valid YAML: ")
    assert "\n" not in problems[0]


@pytest.mark.parametrize("content", [b"a: \xff\n", b"a: \x01\n"])
def test_bytes_that_are_no_text_are_one_line_too(project: Path, content: bytes) -> None:
    (project / "domain.yml").write_bytes(content)
    problems = training.yaml_problems()
    assert len(problems) == 1
    assert problems[0].startswith("domain.yml") and "\n" not in problems[0]


def test_every_broken_file_is_named_before_anything_is_trained(project: Path) -> None:
    (project / "domain.yml").write_text("a: [\n", encoding="utf-8")
    (project / "credentials.yml").unlink()
    with pytest.raises(training.TrainingError) as error:
        training.train()
    lines = str(error.value).splitlines()
    assert [line.split(":")[0] for line in lines] == ["domain.yml", "credentials.yml"]


def test_a_model_that_is_there_is_used(project: Path) -> None:
    model = training.model_path()
    model.parent.mkdir()
    model.write_bytes(b"a model")
    assert training.train() == model


RASA = """\
import sys
from pathlib import Path
name = sys.argv[sys.argv.index("--fixed-model-name") + 1]
Path("models").mkdir(exist_ok=True)
Path("models", name + ".tar.gz").write_text("a model")
"""


def greetings(*texts: str) -> str:
    """A file of Finnish examples."""
    block = "nlu:\n  - intent: greet\n    metadata: {language: fi}\n    examples: |\n"
    return block + "".join(f"      - {text}\n" for text in texts)


def test_a_training_says_what_has_changed(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "rasa.py").write_text(RASA, encoding="utf-8")  # found before the real one
    examples = project / "data/nlu/fi/greet.yml"
    examples.write_text(greetings("moi"), encoding="utf-8")
    first = training.train()
    assert capsys.readouterr().out.splitlines() == [
        "No earlier model to compare with; examples: 1.",
        "Training the model …",
        "Trained in 0 s.",
    ]
    assert first.with_name(first.name.replace(".tar.gz", ".json")).exists()
    training.train()
    assert capsys.readouterr().out == ""
    examples.write_text(greetings("moi", "hei"), encoding="utf-8")
    training.train()
    said = capsys.readouterr().out.splitlines()
    assert said[1:] == [
        "  changed: data/nlu/fi/greet.yml",
        "  examples: fi greet +1 (2 in all)",
        "Training the model …",
        "Trained in 0 s (the last one took 0 s).",
    ]


def test_the_manifest_of_a_forgotten_model_goes_too(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "rasa.py").write_text(RASA, encoding="utf-8")
    monkeypatch.setattr(training, "_KEPT", 1)
    for text in ("moi", "hei"):
        file = project / "data/nlu/fi/greet.yml"
        file.write_text(greetings(text), encoding="utf-8")
        training.train()
    names = [path.name for path in (project / "models").iterdir()]
    assert len(names) == 2 and {name.partition(".")[0] for name in names} == {
        training.model_path().name.partition(".")[0]
    }


def test_another_encoder_is_another_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TISKI_ENCODER", raising=False)
    before = training.fingerprint()
    monkeypatch.setenv("TISKI_ENCODER", "folder/of/another")
    assert training.fingerprint() != before
