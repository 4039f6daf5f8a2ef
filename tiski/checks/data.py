"""Check the data: languages, counts, duplicates, texts, buttons, and Rasa's own warnings."""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tiski.checks import (
    examples,
    flows,
    hard_examples,
    leaks,
    manner,
    mood,
    rasa_warnings,
    responses,
    vague,
)
from tiski.checks.code import read_code
from tiski.checks.project import Problem, Project
from tiski.desk.training import yaml_problems
from tiski.paths import ROOT

_ABOUT = """\
Looks at data/, tests/nlu/, domain.yml and at what the code says, and lists what is wrong:
  - what `rasa data validate` warns of, but for what docs/warnings.md explains
  - an example, a response or a word that lacks its twin in the other language
  - too few examples (25 for an intent and language, 12 for a question, 150 out_of_scope) or
    held-out messages (12, and 6 for a question)
  - the same message twice, or a held-out message that stands in the training data, or nearly
  - an example of a mood (data/mood) that is held out, or stands in two moods
  - a vague message (tests/nlu/vague) that does not name two wishes, or that is labelled elsewhere
  - a Finnish text that says sinä and has no te-form in data/manner/
  - an unknown placeholder, a button that leads nowhere, a text that nothing says
  - a chart of docs/flows that is out of date (./scripts/draw-flows draws it)
Notes are things to look at; only problems make it fail:
  - a text that is the same in both languages, or may say sinä
  - fewer than 40 examples for an intent and language
  - two examples of different intents that are nearly alike (20 at most)
  - an example that is far more like another intent's examples than its own (20 at most)
"""


def own_problems(project: Project) -> tuple[list[Problem], set[str]]:
    """Everything but Rasa's warnings; and the names of texts that nothing says."""
    found, unused = _of_texts(project)
    return [*_of_messages(project)[0], *found], unused


def _of_messages(project: Project) -> tuple[list[Problem], list[Problem]]:
    """Problems and notes of what customers write."""
    found = [*examples.problems(project), *leaks.problems(project), *vague.problems(project)]
    return found, [*examples.notes(project), *hard_examples.notes(project)]


def _of_texts(project: Project) -> tuple[list[Problem], set[str]]:
    """Problems of what the desk says; and the names of texts that nothing says."""
    code = read_code(project)
    unused = list(responses.unused(project, code))
    found = [
        *responses.problems(project, code),
        *manner.problems(project),
        *mood.problems(project),
        *unused,
    ]
    return found, {problem.key for problem in unused}


def main() -> int:
    """The command line of ./scripts/check-data; 1 when something is wrong."""
    parser = argparse.ArgumentParser(
        prog="./scripts/check-data",
        description=_ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="leave out Rasa's own validator")
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    root: Path = arguments.root.resolve()

    unreadable = yaml_problems() if root == ROOT else []
    if unreadable:
        print("\n".join(unreadable))
        return _end(len(unreadable), 0)
    validator = None if arguments.quick else rasa_warnings.start(root)
    project = Project(root)
    # half of the work: beside the rest, on a core of its own
    with ProcessPoolExecutor(1) as pool:
        of_messages = pool.submit(_of_messages, project)
        of_texts, unused = _of_texts(project)
        if root == ROOT:
            of_texts += flows.problems(project)
        problems, of_examples = of_messages.result()
    lines = [str(problem) for problem in (*problems, *of_texts)]
    if validator:
        try:
            warnings = rasa_warnings.collected(validator)
            lines += [str(problem) for problem in rasa_warnings.judge(warnings, unused)]
        except RuntimeError as error:
            lines.append(str(error))
    notes = [*responses.notes(project), *manner.notes(project), *of_examples]
    for note in notes:
        print(f"note: {note}")
    for line in lines:
        print(line)
    print(examples.counts_line(project))
    return _end(len(lines), len(notes))


def _end(problems: int, notes: int) -> int:
    said = "1 problem" if problems == 1 else f"{problems} problems"
    print(f"check-data: {said}, {notes} {'note' if notes == 1 else 'notes'}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
