"""The checks whose failure would first be seen by a customer, quick enough for each training.

Everything else that ./scripts/check-data looks at (how many examples, held-out messages, charts)
may wait: whoever tries a new question with three examples should be able to.
"""

from __future__ import annotations

from pathlib import Path

from tiski.checks import examples, responses
from tiski.checks.project import Project


def problems(root: Path) -> list[str]:
    """One line for each problem below a project's folder; under a second.

    A file whose YAML is of another shape than the checks expect is left to Rasa, which names it.
    """
    project = Project(root)
    try:
        return [str(each) for each in (*examples.breaking(project), *responses.breaking(project))]
    except (AttributeError, KeyError, TypeError):
        return []
