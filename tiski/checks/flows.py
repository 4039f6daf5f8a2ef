"""Draw docs/flows/: a chart of each use case, from the data, the forms and the actions themselves.

./scripts/draw-flows writes them, `--check` says which are out of date. The same data gives the same
files, letter by letter: nothing of the day or the machine is in them.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tiski.checks.flow_data import Flows
from tiski.checks.flow_page import COLOURS, Page
from tiski.checks.flow_text import in_table
from tiski.checks.project import Problem, Project
from tiski.paths import ROOT

FOLDER = Path("docs") / "flows"


def index(flows: Flows) -> str:
    """docs/flows/README.md: what holds everywhere, and a list of the charts."""
    rows = ["| use case | begins with | also in Finnish | served by |", "| --- | --- | --- | --- |"]
    for case in flows.use_cases:
        english, finnish = (in_table(case.examples.get(language, "")) for language in ("en", "fi"))
        by = case.form or case.action
        rows.append(f"| [{case.intent}]({case.intent}.md) | {english} | {finnish} | `{by}` |")
    return _INDEX.format(rows="\n".join(rows))


_INDEX = (
    """\
# Flows

One chart for each thing that a customer may want: what begins it, what is asked, what is done, what
can go wrong, and where a person comes in. They are drawn from `data/rules/`, the forms of `domain.yml`,
`data/responses/`, `actions/` and the names of the tests. After a change there: `./scripts/draw-flows`;
`./scripts/check-data` names the chart that is out of date.

How to read them: what is known already is not asked. A six-sided box is a question for yes or no. Green
is done, grey is stopped by the customer, red could not be done, yellow is a person. ‹word› is filled in when it is said.

{rows}

## In every flow

```mermaid
flowchart TD
  wish(["a customer's message"]):::customer --> known{{{{"does it begin a task, or answer the question?"}}}}
  known -- an answer --> next["the next question, or the last step"]
  known -- another question --> answered["it is answered, and the task goes on"]
  known -- another task --> left["that one is done first, then: shall we go on with this one?"]
  known -- “stop” --> stopped["nothing was changed"]:::stopped
  known -- not understood --> back["did you mean …? Then what the desk can do"]
  back -- the third time --> person[/"a person"/]:::person
  known -- “a person, please” --> person
  next -- something behind it does not work --> sorry["an apology with the phone number, and what was said is kept"]:::failed
  sorry -.-> person
  next --> done["done"]:::done
  done --> rating["once in a conversation: how did it go, 1 to 5?"]
  rating -- 1 or 2 --> person
"""
    + COLOURS.replace("{", "{{").replace("}", "}}")
    + """
```

Greetings, thanks, “yes” and “no” outside a task and the like are answered at once
([data/rules/conversation.yml](../../data/rules/conversation.yml)).

*Drawn by `./scripts/draw-flows`; do not edit.*
"""
)


def drawn(project: Project) -> dict[str, str]:
    """Every file of docs/flows by its name, as it should be."""
    flows = Flows(project)
    files = {f"{case.intent}.md": Page(flows, case).text() for case in flows.use_cases}
    return {"README.md": index(flows), **files}


def problems(project: Project) -> list[Problem]:
    """Charts that are missing, out of date, or of a use case that is no more."""
    folder = project.root / FOLDER
    wanted = drawn(project)
    there = {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.md")}
    found = []
    for name in sorted({*wanted, *there}):
        if name not in wanted:
            state = "no use case any more"
        elif name not in there:
            state = "missing"
        elif wanted[name] != there[name]:
            state = "out of date"
        else:
            continue
        file = (FOLDER / name).as_posix()
        found.append(Problem(file, None, "flow", state, "what ./scripts/draw-flows draws"))
    return found


def draw(project: Project) -> list[str]:
    """Write every file of docs/flows; return the names of those that changed."""
    folder = project.root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    changed = [Path(problem.file).name for problem in problems(project)]
    wanted = drawn(project)
    for name in changed:
        if name in wanted:
            (folder / name).write_text(wanted[name], encoding="utf-8")
        else:
            (folder / name).unlink()
    return changed


def main() -> int:
    """The command line of ./scripts/draw-flows; 1 when `--check` finds something."""
    parser = argparse.ArgumentParser(
        prog="./scripts/draw-flows", description="Draw a chart of each use case into docs/flows."
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing, name what is out of date"
    )
    arguments = parser.parse_args()
    project = Project(ROOT)
    if arguments.check:
        found = problems(project)
        print("\n".join(map(str, found)) or "docs/flows is up to date")
        return 1 if found else 0
    changed = draw(project)
    print("\n".join(changed) or "nothing changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
