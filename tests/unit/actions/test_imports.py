"""The action server starts without Rasa: no action may import it, or what imports it."""

from __future__ import annotations

import subprocess
import sys

from tiski.paths import ROOT

IMPORT_ALL = """
import sys
from rasa_sdk.executor import ActionExecutor
executor = ActionExecutor()
executor.register_package("actions")
print(len(executor.actions), sorted({"rasa", "tensorflow"} & set(sys.modules)))
"""


def test_no_action_imports_rasa() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    count, imported = done.stdout.split(maxsplit=1)
    assert int(count) > 50
    assert imported.strip() == "[]"
