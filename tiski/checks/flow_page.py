"""One chart of docs/flows, and what stands below it."""

from __future__ import annotations

from dataclasses import dataclass

from tiski.checks.flow_data import Flows, UseCase
from tiski.checks.flow_reader import Answer, Reading, read
from tiski.checks.flow_text import box, in_table
from tiski.checks.project import LANGUAGES

COLOURS = """\
  classDef customer fill:#e8f0fe,stroke:#4a6fa5,color:#111
  classDef done fill:#e3f4e4,stroke:#3d8b40,color:#111
  classDef stopped fill:#f0f0f0,stroke:#777,color:#111
  classDef failed fill:#fdeaea,stroke:#b5483f,color:#111
  classDef person fill:#fff4d6,stroke:#b58a1b,color:#111"""
_MOST_LINES = 3
# Said in many use cases, so that they tell nothing of one
_EVERYBODYS = {"utter_declined", "utter_order_not_found", "utter_no_appointments"}


@dataclass
class _Readings:
    """What the code of a use case says."""

    first: Reading
    way: Reading
    end: Reading


class Page:
    """One chart with what belongs to it."""

    def __init__(self, flows: Flows, case: UseCase) -> None:
        self.flows = flows
        self.case = case
        form = f"validate_{case.form}" if case.form else ""
        code = flows.code
        self._read = _Readings(
            read(code, form, "begin", case.intent, at_start=True),
            read(code, form, "fill", case.intent),
            read(code, case.action or "", "serve", case.intent, at_start=not case.form),
        )
        if case.action and case.action.startswith("utter_") and case.intent != "faq":
            self._read.end.answers.append(Answer(case.action))

    def text(self) -> str:
        """The page, in Markdown."""
        case = self.case
        parts = [f"# {case.intent}", f"{case.means[:1].upper()}{case.means[1:]}."]
        parts.append("```mermaid\n" + "\n".join(self._chart()) + "\n```")
        parts += self._table() + self._tests()
        parts.append("*Drawn by `./scripts/draw-flows`; do not edit. [All flows](README.md)*")
        return "\n\n".join(parts) + "\n"

    # --- the chart

    def _chart(self) -> list[str]:
        case = self.case
        examples = [case.examples.get(language, "") for language in reversed(LANGUAGES)]
        lines = ["flowchart TD", f"  start([{box(*examples)}]):::customer"]
        last = "start"
        first = self._first()
        if first:
            lines.append(f"  first[{self._lines(first)}]")
            lines.append("  start --> first")
            last = "first"
        last, no = self._questions(lines, last)
        lines += self._ends(last, no)
        if case.form:
            lines += self._at_any_question()
        return [*lines, *COLOURS.splitlines()]

    def _first(self) -> list[Answer]:
        """What is said before the first question."""
        return [a for a in self._read.first.keys("said", "done") if not a.is_rare]

    def _questions(self, lines: list[str], last: str) -> tuple[str, str | None]:
        """Add the questions; return the last step, and the one that a no may follow."""
        no = None
        for slot in self.case.questions:
            name = f"ask_{slot}"
            key = self.flows.question(self.case, slot)
            texts = [self.flows.asks(key, language) or slot for language in ("en", "fi")]
            if slot.startswith("change_"):  # only after a no
                lines.append(f"  {name}[{box(*texts)}]")
                if no:
                    lines += [f"  {no} -- no --> {name}", f"  {name} -. again .-> {no}"]
                continue
            is_yes_or_no = slot.endswith("_confirmed") or slot.endswith("consent")
            shape = "{{", "}}"
            opening, closing = shape if is_yes_or_no else ("[", "]")
            lines.append(f"  {name}{opening}{box(*texts)}{closing}")
            arrow = "-- yes -->" if last == no and no else "-->"
            lines.append(f"  {last} {arrow} {name}")
            last = name
            no = name if is_yes_or_no else no
        return last, no

    def _ends(self, last: str, no: str | None) -> list[str]:
        end = self._read.end
        lines = []
        if self.case.intent == "faq":
            lines.append(f"  done[{box('the answer, with the facts of business.yml')}]:::done")
            return [*lines, "  start --> done"]
        done = end.keys("done", "said", "again" if not self.case.form else "done")
        if done or end.person_answers:
            lines.append(f"  done[{self._lines(done)}]:::done")
            lines.append(f"  {last} {'-- yes -->' if no == last else '-->'} done")
        if end.person_answers:
            lines.append(
                f"  person[/{box('a person answers by the time that was told')}/]:::person"
            )
            lines.append("  done --> person")
        stopped = end.keys("stopped")
        if stopped:
            lines.append(f"  stopped[{self._lines(stopped)}]:::stopped")
            lines.append(f"  {no or last} -- no --> stopped")
        failed = end.keys("failed")
        if failed:
            lines.append(f"  failed[{self._lines(failed)}]:::failed")
            lines.append(f"  {last} -. it cannot be done .-> failed")
        again = end.keys("again") if self.case.form else []
        if again:
            lines.append(f"  again[{self._lines(again)}]:::failed")
            lines.append(f"  {last} -. not any more .-> again")
            lines.append(f"  again --> {self._asked_again()}")
        for form in end.goes_to:
            if form != self.case.form:
                title = self.flows.project.form_slots.get(form) and form.removesuffix("_form")
                lines.append(f"  to_{form}[/{box(str(title or form))}/]:::person")
                lines.append(f"  {'done' if done else last} --> to_{form}")
        if any(self.flows.offers_person(answer) for answer in [*stopped, *failed, *done]):
            lines += [f"  offered[/{box('a person is offered')}/]:::person"]
            for name, answers in (("done", done), ("failed", failed), ("stopped", stopped)):
                if any(self.flows.offers_person(answer) for answer in answers):
                    lines.append(f"  {name} -.-> offered")
        return lines

    def _asked_again(self) -> str:
        """The question before the confirmation: what was chosen there is chosen anew."""
        slots = [s for s in self.case.questions if not s.endswith("_confirmed")]
        chosen = [s for s in slots if s.endswith("_start")] or slots
        return f"ask_{chosen[-1]}"

    def _at_any_question(self) -> list[str]:
        early = self._read.way.keys("failed")
        lines = ['  subgraph any["at any question"]', "    direction LR"]
        lines.append(f"    aside[{box('another question is answered, and this one asked again')}]")
        lines.append(
            f"    unfit[{box('no answer: asked again, then explained with an example')}] --> "
            f"third[/{box('the third time a person is offered')}/]:::person"
        )
        lines.append(f"    stop[{box('“stop”', self.flows.says('utter_stopped', 'en'))}]:::stopped")
        if early:
            lines.append(f"    early[{self._lines(early)}]:::failed")
        if any(self.flows.offers_person(answer) for answer in early):
            lines.append(f"    early -.-> early_person[/{box('a person is offered')}/]:::person")
        return [*lines, "  end"]

    def _lines(self, answers: list[Answer]) -> str:
        texts = [self.flows.says(answer.key, "en") or answer.key for answer in answers]
        more = len(texts) - _MOST_LINES
        shown = texts[:_MOST_LINES] + ([f"… and {more} more, below"] if more > 0 else [])
        return box(*(f"• {text}" for text in shown) if len(texts) > 1 else shown)

    # --- below the chart

    def _table(self) -> list[str]:
        rows = []
        rows += [("first", answer.key) for answer in self._first()]
        for slot in self.case.questions:
            rows.append((f"asks `{slot}`", self.flows.question(self.case, slot)))
            if self.flows.says(f"utter_explain_{slot}", "en"):
                rows.append(("explains it", f"utter_explain_{slot}"))
        asked = {key for _, key in rows}
        for label, reading, results in (
            ("on the way", self._read.first, ("said",)),
            ("on the way", self._read.way, ("said", "done", "again")),
            ("ends early", self._read.way, ("failed",)),
            ("done", self._read.end, ("done", "said")),
            ("stopped", self._read.end, ("stopped",)),
            ("cannot be done", self._read.end, ("failed",)),
            ("asks again", self._read.end, ("again",)),
        ):
            rows += [(label, a.key) for a in reading.keys(*results) if a.key not in asked]
        if self.case.intent == "faq":
            keys = sorted(
                {o.key for o in self.flows.project.responses if o.key.startswith("utter_faq/")}
            )
            rows += [("answers", key) for key in keys]
        if not rows:
            return []
        lines = [
            "| when | response | English begins | Finnish begins |",
            "| --- | --- | --- | --- |",
        ]
        for label, key in rows:
            texts = [in_table(self.flows.says(key, language)) for language in ("en", "fi")]
            lines.append(f"| {label} | `{key}` | {texts[0]} | {texts[1]} |")
        return ["## What is said", "\n".join(lines)]

    def _tests(self) -> list[str]:
        parts = []
        stories = self.flows.stories(self.case.intent)
        own = {
            a.key
            for a in [*self._read.end.answers, *self._read.first.answers]
            if a.key.startswith("utter_") and a.key not in _EVERYBODYS
        }
        if self.case.intent == "faq":
            own = {o.key for o in self.flows.project.responses if o.key.startswith("utter_faq/")}
        played = self.flows.conversations(own)
        if stories:
            file = f"../../tests/stories/test_{self.case.intent}.yml"
            listed = "\n".join(f"- {name}" for name in stories)
            parts += [
                f"## Branches that are tested\n\n[Stories]({file}), in both languages:",
                listed,
            ]
        if played:
            links = [f"[{name}](../../tests/conversations/{name}.yml)" for name in played]
            parts += [
                "Conversations with the running desk:",
                "\n".join(f"- {link}" for link in links),
            ]
            if not stories:
                parts.insert(0, "## Branches that are tested")
        return parts
