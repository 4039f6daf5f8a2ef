"""What the stories and the conversations reach, and what nobody tests.

Stories (tests/stories) tell by their steps which intents, questions, forms, rules and actions they
reach. Rasa does not run a form's validation and questions there: those are reached only by
conversations with a running desk (tests/conversations), whose events are taken as they are played.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tiski.checks.project import Problem, Project

# What only the customer's tap or an action starts, and Rasa's own, need no story
_RASAS_OWN = {"action_listen", "action_session_start", "action_default_fallback"}


@dataclass
class Reached:
    """Names that were reached."""

    intents: set[str] = field(default_factory=set)  # questions by their full name, faq/parking
    actions: set[str] = field(default_factory=set)
    forms: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)  # slots that a form asked for
    pairs: set[tuple[str, str]] = field(default_factory=set)  # an intent and what answers it
    filled: set[tuple[str, str]] = field(default_factory=set)  # a form and what follows it

    def take_steps(self, steps: list[dict[str, Any]]) -> None:
        """Take a story's steps."""
        intent, last, ended = "", "", ""
        for step in steps:
            if "intent" in step:
                intent = step["intent"]
                self.intents.add(intent)
            elif "active_loop" in step:
                ended = "" if step["active_loop"] else last
                if step["active_loop"]:
                    self.forms.add(step["active_loop"])
            elif "action" in step:
                last = step["action"]
                self._take_action(last, intent, ended)
                intent, ended = "", ""

    def take_events(self, events: list[dict[str, Any]]) -> None:
        """Take the events of a played conversation, as Rasa's tracker holds them.

        One turn at a time is enough: an action is matched with the message that it answers.
        """
        intent, last, ended = "", "", ""
        for event in events:
            kind = event.get("event")
            if kind == "user":
                parsed = event.get("parse_data") or {}
                name = (parsed.get("intent") or {}).get("name") or ""
                question = (parsed.get("intent") or {}).get("full_retrieval_intent_name")
                intent, ended = question or name, ""
                if intent:
                    self.intents.add(intent)
            elif kind == "active_loop":
                ended = "" if event.get("name") else last
                if event.get("name"):
                    self.forms.add(event["name"])
            elif kind == "action" and event.get("name") != "action_listen":
                last = event["name"]
                self._take_action(last, intent, ended)
                intent, ended = "", ""
            elif kind == "slot" and event.get("name") == "requested_slot" and event.get("value"):
                self.asked.add(event["value"])

    def _take_action(self, action: str, intent: str, ended: str) -> None:
        self.actions.add(action)
        if intent:
            self.pairs.add((intent.partition("/")[0], action))
        if ended:
            self.filled.add((ended, action))


def of_stories(folder: Path) -> Reached:
    """What the stories below a folder reach."""
    reached = Reached()
    for file in sorted(folder.glob("test_*.yml")):
        for story in YAML(typ="safe").load(file.read_text(encoding="utf-8"))["stories"]:
            reached.take_steps(story["steps"])
    return reached


def unreached(project: Project, stories: Reached, conversations: Reached | None) -> list[Problem]:
    """Everything that neither a story nor a conversation reaches.

    Args:
        conversations: None when none was played: then what only they can reach is not looked at.
    """
    both = [stories, *([conversations] if conversations else [])]
    return [
        *_intents(project, {name for one in both for name in one.intents}),
        *_actions(project, both, conversations),
        *_rules(project, both),
    ]


def _untested(file: str, line: int | None, kind: str, name: str, where: str) -> Problem:
    return Problem(
        file, line, kind, f"nothing reaches {name}", f"a story or a conversation {where}"
    )


def _intents(project: Project, reached: set[str]) -> list[Problem]:
    questions = {f.examples[0].intent for f in project.training if f.path.parent.name == "faq"}
    wanted = (project.intents - {"faq"}) | questions
    return [
        _untested("domain.yml", None, "intent", name, f"with intent: {name}")
        for name in sorted(wanted - reached)
    ]


def _actions(project: Project, both: list[Reached], conversations: Reached | None) -> list[Problem]:
    problems = []
    forms = {name for one in both for name in one.forms}
    for form in project.form_slots:
        if form not in forms:
            expected = f"with active_loop: {form}"
            problems.append(_untested("domain.yml", None, "form", form, expected))
    ran = {name for one in both for name in one.actions}
    for action in project.domain.get("actions") or []:
        if action in _RASAS_OWN or action in ran:
            continue
        # Rasa runs these two kinds inside the form's own action and keeps no event of them
        by_form = action.removeprefix("validate_") in project.form_slots
        asker, slot = _question_of(action, project)
        if by_form or slot:
            if conversations is None:
                continue
            if by_form and action.removeprefix("validate_") in conversations.forms:
                continue
            if (
                slot
                and slot in conversations.asked
                and (asker is None or asker in conversations.forms)
            ):
                continue
        problems.append(_untested("domain.yml", None, "action", action, "that runs it"))
    return problems


def _question_of(action: str, project: Project) -> tuple[str | None, str | None]:
    """The form and the slot that an action asks for: `action_ask_[<form>_]<slot>`; None if none.

    The form is None where the action asks in every form that has the slot.
    """
    asked = action.removeprefix("action_ask_")
    if asked == action:
        return None, None
    for form, slots in project.form_slots.items():
        if asked.startswith(f"{form}_") and asked.removeprefix(f"{form}_") in slots:
            return form, asked.removeprefix(f"{form}_")
    is_slot = any(asked in slots for slots in project.form_slots.values())
    return None, asked if is_slot else None


def _rules(project: Project, both: list[Reached]) -> list[Problem]:
    pairs = {pair for one in both for pair in one.pairs}
    filled = {pair for one in both for pair in one.filled}
    problems = []
    for file in sorted((project.root / "data" / "rules").glob("*.yml")):
        text = file.read_text(encoding="utf-8").splitlines()
        for rule in project.load(file).get("rules") or []:
            steps = rule["steps"]
            intent = next((step["intent"] for step in steps if "intent" in step), None)
            actions = [step["action"] for step in steps if "action" in step]
            if intent:
                is_reached = (intent, actions[0]) in pairs
            else:  # a form is filled, and its last action follows
                is_reached = (actions[0], actions[-1]) in filled
            if not is_reached:
                line = next((n for n, row in enumerate(text, 1) if rule["rule"] in row), None)
                expected = f"in which {actions[-1]} follows"
                problems.append(
                    _untested(project.name(file), line, "rule", f'"{rule["rule"]}"', expected)
                )
    return problems
