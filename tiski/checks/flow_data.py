"""What the charts of docs/flows show: use cases, questions, texts and tests, from the project's data."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tiski.checks.flow_code import ActionCode
from tiski.checks.flow_reader import Answer, read
from tiski.checks.flow_text import first_sentences, question_of
from tiski.checks.project import Project
from tiski.insight.turns import SINGLE_TURN

_HEADING = re.compile(r"#\s*[\w/]+:\s*(.+?),\s*(?:e\.g\.|esim\.)\s*[\"”](.+?)[\"”]\s*$")


@dataclass
class UseCase:
    """A wish, and what serves it."""

    intent: str
    means: str
    examples: dict[str, str]  # by language
    form: str | None = None
    action: str | None = None  # the last one
    questions: list[str] = field(default_factory=list)  # slots


class Flows:
    """Everything that the charts of a project show."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.code = ActionCode(project)

    @cached_property
    def use_cases(self) -> list[UseCase]:
        """Those that a rule of data/rules serves by a form, or at once; in domain.yml's order."""
        started, ended = self._rules()
        found = []
        for entry in [*(self.project.domain.get("intents") or []), "nlu_fallback"]:
            intent = next(iter(entry)) if isinstance(entry, dict) else entry
            target = started.get(intent)
            if target is None:
                continue
            means, examples = self._about(intent)
            if target in self.project.form_slots:
                slots = self.project.form_slots[target]
                found.append(UseCase(intent, means, examples, target, ended.get(target), slots))
            elif intent in SINGLE_TURN or intent in ("faq", "nlu_fallback"):
                found.append(UseCase(intent, means, examples, action=target))
        return found

    def _rules(self) -> tuple[dict[str, str], dict[str, str]]:
        """What begins with an intent, and what follows when a form is filled."""
        started: dict[str, str] = {}
        ended: dict[str, str] = {}
        for file in sorted((self.project.root / "data" / "rules").glob("*.yml")):
            for rule in self.project.load(file).get("rules") or []:
                steps: list[dict[str, Any]] = rule["steps"]
                actions = [step["action"] for step in steps if "action" in step]
                intents = [step["intent"] for step in steps if "intent" in step]
                if intents and actions:
                    started[intents[0]] = actions[0]
                elif len(actions) > 1:
                    ended[actions[0]] = actions[-1]
        return started, ended

    def _about(self, intent: str) -> tuple[str, dict[str, str]]:
        """What an intent means and an example of each language, from the first lines of data/nlu."""
        means, examples = "", {}
        if intent == "faq":
            intent, means = "faq/parking", "asks something about the business"
        if intent == "nlu_fallback":
            return "something that was not understood", {"en": "…", "fi": "…"}
        for file in self.project.training:
            if file.examples and file.examples[0].intent == intent:
                match = _HEADING.match(file.first_line)
                examples[file.language] = match[2] if match else file.examples[0].text
                if match and file.language == "en" and not means:
                    means = match[1]
        return means, examples

    # --- texts

    @cached_property
    def _texts(self) -> dict[tuple[str, str], str]:
        """The first variation of each response, by name and language."""
        found: dict[tuple[str, str], str] = {}
        for one in self.project.responses:
            if one.language and not one.channel:
                found.setdefault((one.key, one.language), one.text)
        return found

    def says(self, key: str, language: str) -> str:
        """The beginning of a response, or nothing where it is not written."""
        return first_sentences(self._texts.get((key, language), ""))

    def asks(self, key: str, language: str) -> str:
        """The question of a response that asks, or nothing where it is not written."""
        return question_of(self._texts.get((key, language), ""))

    def offers_person(self, answer: Answer) -> bool:
        """Whether a response comes with a button for a person."""
        written = any(
            payload == "/request_human"
            for one in self.project.responses
            if one.key == answer.key
            for _, payload in one.buttons
        )
        return answer.offers_person or written

    def question(self, case: UseCase, slot: str) -> str:
        """The response that asks for a slot; its name where nothing does yet."""
        if (f"utter_ask_{slot}", "en") in self._texts:
            return f"utter_ask_{slot}"
        answers = read(self.code, f"action_ask_{slot}", "serve", case.intent).answers
        keys = [answer.key for answer in answers]
        return next((key for key in reversed(keys) if "_ask_" in key), keys[-1] if keys else slot)

    # --- tests

    def stories(self, intent: str) -> list[str]:
        """The branches that tests/stories names, without language and in the file's order."""
        file = self.project.root / "tests" / "stories" / f"test_{intent}.yml"
        if not file.exists():
            return []
        names = [str(story["story"]) for story in self.project.load(file).get("stories") or []]
        return list(dict.fromkeys(re.sub(r"^.*?\((?:fi|en)\),\s*", "", name) for name in names))

    def conversations(self, keys: set[str]) -> list[str]:
        """The conversations in which one of these responses is looked for."""
        return [name for name, said in self._conversations.items() if said & keys]

    @cached_property
    def _conversations(self) -> dict[str, set[str]]:
        folder = self.project.root / "tests" / "conversations"
        found: dict[str, set[str]] = {}
        for file in sorted(folder.rglob("*.yml")):
            cases = self.project.load(file).get("test_cases") or []
            steps = [step for case in cases for step in case.get("steps") or []]
            name = file.relative_to(folder).with_suffix("").as_posix()
            found[name] = {str(step["utter"]) for step in steps if "utter" in step}
        return found
