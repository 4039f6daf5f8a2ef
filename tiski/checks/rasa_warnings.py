"""Rasa's own validator, with every warning it gives.

Stock `rasa data validate` exits 0 whatever it warns of, with or without `--fail-on-warnings`
(measured, docs/warnings.md). Here each warning is an error unless it stands in known_warnings.yml.
It runs in a process of its own (`python -m tiski.checks.rasa_warnings`), beside the other checks.
"""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

from ruamel.yaml import YAML

from tiski.checks.project import Problem
from tiski.paths import ROOT
from tiski.tools.light import needs_tensorflow, without_tensorflow

_ESCAPES = re.compile(r"\x1b\[\d*m")


def start(root: Path = ROOT) -> subprocess.Popen[str]:
    """Start the validator on the data below a folder; read it with `collected`."""
    command = [sys.executable, "-m", "tiski.checks.rasa_warnings", str(root)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    )


def collected(process: subprocess.Popen[str]) -> list[str]:
    """The warnings, each once, in the order of their first appearance.

    Raises:
        RuntimeError: the validator itself broke; with its last line.
    """
    out, complaints = process.communicate()
    if process.returncode:
        last = (complaints.strip() or out.strip() or "it said nothing").splitlines()[-1]
        raise RuntimeError(f"Rasa's validator failed: {last}")
    found: list[str] = json.loads(out.splitlines()[-1])
    return found


def known() -> list[dict[str, str]]:
    """known_warnings.yml: what Rasa warns of and why it may stay."""
    file = Path(__file__).with_name("known_warnings.yml")
    entries: list[dict[str, str]] = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    return entries


def judge(
    found: list[str], unused_keys: set[str], entries: list[dict[str, str]] | None = None
) -> Iterator[Problem]:
    """Warnings that are not known, and known ones that Rasa no longer gives.

    Args:
        found: the validator's warnings.
        unused_keys: responses that nothing says; a warning about one of these is no false alarm.
    """
    entries = known() if entries is None else entries
    matched = set()
    for warning in found:
        for number, entry in enumerate(entries):
            match = re.search(entry["pattern"], warning)
            if match:
                matched.add(number)
                utterance = match.groupdict().get("utterance")
                if utterance in unused_keys:
                    expected = "a rule, a form or an action that says it"
                    yield Problem("rasa data validate", None, str(utterance), warning, expected)
                break
        else:
            expected = "no warning, or an entry with its reason in tiski/checks/known_warnings.yml"
            yield Problem("rasa data validate", None, "warning", warning, expected)
    for number, entry in enumerate(entries):
        if number not in matched and entry.get("at") != "training":
            yield Problem(
                "tiski/checks/known_warnings.yml",
                None,
                entry["pattern"],
                "Rasa does not give this warning any more",
                "the entry to be deleted",
            )


def _validate(root: Path) -> list[str]:
    """Run what `rasa data validate` runs, and keep all that it says above INFO."""
    found: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(record.getMessage())

    logging.getLogger().addHandler(Keep(logging.WARNING))
    with warnings.catch_warnings(record=True) as raised:
        warnings.simplefilter("always")
        import rasa.cli.utils
        from rasa.shared.importers.importer import TrainingDataImporter
        from rasa.utils.log_utils import configure_structlog

        configure_structlog(logging.WARNING)
        importer = TrainingDataImporter.load_from_config(
            domain_path=str(root / "domain.yml"),
            training_data_paths=[str(root / "data")],
            config_path=str(root / "config.yml"),
        )
        try:
            rasa.cli.utils.validate_files(
                fail_on_warnings=False, max_history=None, importer=importer, stories_only=False
            )
        except SystemExit:
            found.append("rasa data validate: Project validation completed with errors.")
    said = [f"{one.category.__name__}: {one.message}" for one in raised]
    clean = [" ".join(_ESCAPES.sub("", text).split()) for text in [*said, *found]]
    return list(dict.fromkeys(clean))


def main(root: Path) -> None:
    """Print the warnings as one line of JSON, the last; Rasa may print others before it."""
    # half of the time until it begins to read
    with without_tensorflow(wanted=not needs_tensorflow(root / "config.yml")):
        print(json.dumps(_validate(root)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
