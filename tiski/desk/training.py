"""Train the model when what it is made from has changed, and only then.

A model's name holds a fingerprint of everything it depends on, so "is there a model for this
data?" is a look at the file's name. Stock `rasa train` works too; its models are left alone.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from tiski.answers.own_questions import trained_part
from tiski.business import BusinessError, load_business
from tiski.checks import before_training
from tiski.checks.project import Project
from tiski.desk import manifest
from tiski.nlu.encoder import which_encoder
from tiski.paths import ROOT

_KEPT = 6  # models of ours that are kept: going back, or to another business, needs no training


class TrainingError(Exception):
    """The model cannot be trained; the text says why, a line for each reason."""


# Folders of data/ whose texts are read when the desk starts; a model needs none of them.
_READ_AT_START = ("manner", "words")
# Of these a model needs the names: what is said under each is read when the desk starts.
_RESPONSES = "responses"


def sources() -> Iterator[Path]:
    """Everything that a model is made from, in a fixed order."""
    yield from (ROOT / name for name in ("config.yml", "domain.yml", "requirements.lock"))
    yield ROOT / "tiski" / "questions.py"
    yield from sorted(
        path for path in (ROOT / "data").rglob("*.yml") if path.parent.name not in _READ_AT_START
    )
    yield from sorted(
        path for path in (ROOT / "tiski" / "nlu").rglob("*") if path.suffix in (".py", ".yml")
    )


def fingerprint() -> str:
    """A short name for the present state of all sources, and of the business's own questions."""
    state = hashlib.sha256()
    for path in sources():
        state.update(path.relative_to(ROOT).as_posix().encode() + b"\0")
        state.update(_trained_of(path) + b"\0")
    state.update(which_encoder().encode())
    state.update(trained_part(load_business()))  # nothing, when it has no questions of its own
    return state.hexdigest()[:12]


def _trained_of(path: Path) -> bytes:
    """What of a file a model depends on: all of it, but of responses only their names."""
    if path.parent != ROOT / "data" / _RESPONSES:
        return path.read_bytes()
    try:
        read = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        return "\n".join(sorted(read["responses"])).encode()
    except (YAMLError, UnicodeDecodeError, KeyError, TypeError):
        return path.read_bytes()  # told as a problem before anything is trained


def present_manifest() -> manifest.Manifest:
    """The present state of all sources, file by file, and how many examples there are."""
    files = {
        path.relative_to(ROOT).as_posix(): _short_hash(_trained_of(path)) for path in sources()
    }
    questions = trained_part(load_business())
    if questions:
        files["business.yml (questions)"] = _short_hash(questions)
    counted = Counter(
        f"{example.language} {example.intent}"
        for file in Project(ROOT).training
        for example in file.examples
    )
    return manifest.Manifest(files, dict(counted))


def _short_hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def model_path() -> Path:
    """Where the model for the present data is, or will be."""
    return ROOT / "models" / f"tiski-{fingerprint()}.tar.gz"


def yaml_problems(paths: list[Path] | None = None) -> list[str]:
    """Return one line for each YAML file that cannot be read: file, line, what is wrong."""
    problems = []
    for path in paths if paths is not None else list(sources()):
        if path.suffix != ".yml":
            continue
        try:
            YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        except MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else "?"
            name = path.relative_to(ROOT)
            problems.append(f"{name}:{line}: not valid YAML: {error.problem or error.context}")
        except (OSError, UnicodeDecodeError, YAMLError) as error:  # YAML: a control character
            reason = " ".join(str(error).split())
            problems.append(f"{path.relative_to(ROOT)}: cannot be read as UTF-8 text: {reason}")
    return problems


def train(*, force: bool = False) -> Path:
    """Return the model for the present data, trained now if there is none yet.

    Raises:
        TrainingError: a file is not valid YAML, a customer would meet a gap in the data
            (tiski/checks/before_training.py), or Rasa refuses the data.
    """
    problems = yaml_problems(
        [
            *sources(),
            *(ROOT / name for name in ("endpoints.yml", "credentials.yml")),
            *(file for name in _READ_AT_START for file in sorted((ROOT / "data" / name).glob("*"))),
        ]
    )
    if problems:
        raise TrainingError("\n".join(problems))
    model = model_path()
    if model.exists() and not force:
        return model
    problems = before_training.problems(ROOT)
    if problems:
        raise TrainingError("\n".join(problems))
    before, now = manifest.latest(model.parent), present_manifest()
    print(*manifest.changes(before, now), "Training the model …", sep="\n", flush=True)
    began = time.monotonic()
    command = [sys.executable, "-m", "rasa", "train", "--skip-validation"]
    command += ["--fixed-model-name", model.name.removesuffix(".tar.gz")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode or not model.exists():
        lines = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        reason = next(
            (line for line in reversed(lines) if "Exception" in line or "Error" in line), ""
        )
        raise TrainingError(f"rasa train failed: {reason or ' '.join(lines[-3:])}")
    seconds = time.monotonic() - began
    earlier = f" (the last one took {before.seconds:.0f} s)" if before else ""
    print(f"Trained in {seconds:.0f} s{earlier}.", flush=True)
    manifest.write(replace(now, seconds=seconds, made_at=time.time()), model)
    _forget_old()
    return model


def _forget_old() -> None:
    ours = sorted((ROOT / "models").glob("tiski-*.tar.gz"), key=lambda p: p.stat().st_mtime)
    for old in ours[:-_KEPT]:
        old.unlink()
        manifest.path_of(old).unlink(missing_ok=True)


def main() -> int:
    """The command line of ./scripts/train."""
    parser = argparse.ArgumentParser(prog="./scripts/train", description=__doc__.split("\n")[0])
    parser.add_argument("--force", action="store_true", help="train even if nothing has changed")
    arguments = parser.parse_args()
    try:
        is_new = arguments.force or not model_path().exists()
        model = train(force=arguments.force)
    except (TrainingError, BusinessError) as error:
        print(error, file=sys.stderr)
        return 1
    if not is_new:
        print("Nothing has changed that a model is made from.")
    print(f"The model is {model.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
