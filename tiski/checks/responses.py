"""Checks of the words: both languages, equal variations, known placeholders, buttons that work."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import lru_cache

from tiski.answers.facts import answer_facts
from tiski.answers.filling import EXPECTED, literals, placeholders, unreadable
from tiski.business import load_business
from tiski.checks.code import Code, families, members
from tiski.checks.project import LANGUAGES, Problem, Project, Variation, plain
from tiski.clock import now

_PAYLOAD = re.compile(r"/([a-z_]+)(?:$|\{)")


def problems(project: Project, code: Code) -> Iterator[Problem]:
    """Every problem of `data/responses`, `data/words` and of the names that the code uses."""
    yield from _languages(project)
    yield from _equal(project)
    yield from _words(project)
    yield from _readable(project)
    yield from _placeholders(project, code)
    yield from _payloads(project, code)
    yield from _exist(project, code)
    yield from _once(project)


def breaking(project: Project) -> Iterator[Problem]:
    """What a customer would hear nothing of, or nothing in their language."""
    yield from _languages(project)
    yield from _words(project)
    for (channel, key), of in _grouped(project).items():
        missing = [language for language in LANGUAGES if language not in of]
        if missing and not channel:
            one = next(iter(of.values()))[0]
            value = f"no text in {', '.join(missing)}"
            yield Problem(one.file, one.line, key, value, "a text in fi and en")


def notes(project: Project) -> Iterator[Problem]:
    """Texts that are the same in every language: perhaps forgotten, perhaps meant."""
    expected = "a translation, unless it is meant so"
    for (_, key), of in sorted(_grouped(project).items()):
        texts = {language: [one.text for one in of.get(language, [])] for language in LANGUAGES}
        for text in texts["fi"]:
            if text in texts["en"] and "".join(literals(text)).strip():
                one = of["fi"][0]
                yield Problem(one.file, one.line, key, f'the same in fi and en: "{text}"', expected)
    for file, line, key, by_language in project.words:
        text = by_language.get("fi") or ""
        if text == by_language.get("en") and re.search(r"[^\W\d_]", "".join(literals(text))):
            yield Problem(file, line, key, f'the same in fi and en: "{text}"', expected)


def _grouped(project: Project) -> dict[tuple[str, str], dict[str, list[Variation]]]:
    """Variations by channel and response, then by language."""
    found: dict[tuple[str, str], dict[str, list[Variation]]] = defaultdict(dict)
    for one in project.responses:
        if one.language:
            found[(one.channel or "", one.key)].setdefault(one.language, []).append(one)
    return found


def _languages(project: Project) -> Iterator[Problem]:
    """An unconditional variation, above all one for a channel, would be said in any language."""
    for one in project.responses:
        if one.language not in LANGUAGES:
            where = f"for the channel {one.channel} " if one.channel else ""
            value = f'variation {where}"{one.text[:40]}" has language {one.language}'
            yield Problem(one.file, one.line, one.key, value, "a condition on language: fi or en")


def _equal(project: Project) -> Iterator[Problem]:
    for (channel, key), of in _grouped(project).items():
        one = next(iter(of.values()))[0]
        name = f"{key} ({channel})" if channel else key
        counts = {language: len(of.get(language, [])) for language in LANGUAGES}
        if len(set(counts.values())) > 1:
            said = ", ".join(f"{count} in {language}" for language, count in counts.items())
            yield Problem(
                one.file, one.line, name, f"variations: {said}", "the same number in each language"
            )
            continue
        used = {
            language: {p for v in variations for p in placeholders(v.text)}
            for language, variations in of.items()
        }
        if used["fi"] != used["en"]:
            differ = ", ".join(f"{{{name}}}" for name in sorted(used["fi"] ^ used["en"]))
            yield Problem(
                one.file,
                one.line,
                name,
                f"{differ} in one language only",
                "the same placeholders in fi and en",
            )
        payloads = {
            language: Counter(p for v in variations for _, p in v.buttons if p.startswith("/"))
            for language, variations in of.items()
        }
        numbers = {language: sum(len(v.buttons) for v in of[language]) for language in LANGUAGES}
        if payloads["fi"] != payloads["en"] or numbers["fi"] != numbers["en"]:
            value = f"fi {dict(payloads['fi'])}, en {dict(payloads['en'])}"
            yield Problem(one.file, one.line, name, value, "the same buttons in fi and en")


def _words(project: Project) -> Iterator[Problem]:
    for file, line, key, texts in project.words:
        missing = [language for language in LANGUAGES if not texts.get(language)]
        if missing:
            yield Problem(
                file, line, key, f"no text in {', '.join(missing)}", "a text in fi and en"
            )
            continue
        used = {language: set(placeholders(texts[language])) for language in LANGUAGES}
        if used["fi"] != used["en"]:
            differ = ", ".join(f"{{{name}}}" for name in sorted(used["fi"] ^ used["en"]))
            yield Problem(
                file, line, key, f"{differ} in one language only", "the same placeholders"
            )


def _readable(project: Project) -> Iterator[Problem]:
    """What stands in curly brackets is a name, or a name and the words for one and for many."""
    for one in project.responses:
        for said in unreadable(one.text):
            yield Problem(one.file, one.line, one.key, said, EXPECTED)
    for file, line, key, texts in project.words:
        for said in (each for text in texts.values() for each in unreadable(text or "")):
            yield Problem(file, line, key, said, EXPECTED)


@lru_cache(maxsize=1)
def known_facts() -> frozenset[str]:
    """The placeholders that any answer may use."""
    business = load_business()
    return frozenset(answer_facts(business, business.default_language, [], now())) | {"language"}


def _placeholders(project: Project, code: Code) -> Iterator[Problem]:
    """Each placeholder is a fact, or gets a value wherever the code says that text."""
    facts = known_facts()
    used: dict[str, set[str]] = defaultdict(set)
    where: dict[str, tuple[str, int | None]] = {}
    for one in project.responses:
        used[one.key].update(placeholders(one.text))
        where[one.key] = one.file, one.line
    for file, line, key, texts in project.words:
        used[key].update(p for text in texts.values() for p in placeholders(text))
        where[key] = file, line
    given: dict[str, list[tuple[str, int, set[str]]]] = defaultdict(list)
    free = set()
    for said in code.said:
        for key in said.keys:
            given[key].append((said.file, said.line, set(said.values)))
            if said.is_open:
                free.add(key)
    for key, names in used.items():
        need = names - facts
        if not need or key in free:
            continue
        if not given[key]:
            by_variable = code.given if key in code.mentioned else frozenset()
            for name in sorted(need - by_variable):
                expected = f"a fact of business.yml ({', '.join(sorted(facts)[:4])} …)"
                yield Problem(*where[key], key, f"unknown placeholder {{{name}}}", expected)
        for file, line, values in given[key]:
            for name in sorted(need - values):
                yield Problem(
                    file,
                    line,
                    key,
                    f"gives no value for {{{name}}}",
                    f"one, as {where[key][0]} has it",
                )


def _payloads(project: Project, code: Code) -> Iterator[Problem]:
    understood: dict[str, set[str]] = {language: set() for language in LANGUAGES}
    for file in project.training:
        understood[file.language] |= {plain(example.text) for example in file.examples}
    for _, _, key, texts in project.words:
        if key.startswith("choice_"):
            for language in LANGUAGES:
                understood[language].add(plain(texts.get(language) or ""))
    for one in project.responses:
        for title, payload in one.buttons:
            match = _PAYLOAD.match(payload)
            if match:
                if match[1] not in project.intents:
                    expected = "a payload that names an intent of domain.yml"
                    yield Problem(one.file, one.line, one.key, f'"{title}": {payload}', expected)
            elif plain(payload) not in understood.get(one.language or "", set()):
                expected = "an example or a choice_… of the same language, or /intent"
                yield Problem(one.file, one.line, one.key, f'"{title}": {payload}', expected)
    for of_code in code.payloads:
        match = _PAYLOAD.match(of_code.text)
        if match and match[1] not in project.intents:
            expected = "an intent of domain.yml"
            yield Problem(of_code.file, of_code.line, "payload", of_code.text, expected)
    questions = {f.examples[0].intent for f in project.training if f.path.parent.name == "faq"}
    known = {name.replace("/", "_") for name in project.intents | questions}
    for name, line, key, _ in project.words:
        if key.startswith("choice_") and key.removeprefix("choice_") not in known:
            yield Problem(name, line, key, "offers a wish that is no intent", "choice_<intent>")


def _exist(project: Project, code: Code) -> Iterator[Problem]:
    """Every text that the code names is written."""
    for said in code.said:
        for key in said.keys:
            if key not in project.keys:
                yield Problem(
                    said.file, said.line, key, "not written", "it in data/responses or data/words"
                )
    for family in families():
        for key in members(family, project):
            if key not in project.keys:
                yield Problem(
                    "tiski/checks/families.yml", None, key, "not written", f"it, of {family}"
                )
    for file, line, family in code.unknown_families:
        yield Problem(
            file, line, family, "a name put together", "its members in tiski/checks/families.yml"
        )
    actions = set(project.domain.get("actions") or [])
    for form, slots in project.form_slots.items():
        for slot in slots:
            if f"utter_ask_{slot}" not in project.keys and f"action_ask_{slot}" not in actions:
                yield Problem(
                    "domain.yml", None, form, f"{slot} has no question", f"utter_ask_{slot}"
                )


def _once(project: Project) -> Iterator[Problem]:
    """One name in two files: Rasa silently takes the later one."""
    files: dict[str, str] = {}
    for one in project.responses:
        if files.setdefault(one.key, one.file) != one.file:
            yield Problem(
                one.file, one.line, one.key, f"also in {files[one.key]}", "a response in one file"
            )


def unused(project: Project, code: Code) -> Iterator[Problem]:
    """Responses and words that nothing says."""
    asked = {f"utter_ask_{slot}" for slots in project.form_slots.values() for slot in slots}
    in_rules = _said_by_rules(project)
    said = code.mentioned | asked | in_rules
    seen = set()
    for file, line, key in [
        *((one.file, one.line, one.key) for one in project.responses),
        *((file, line, key) for file, line, key, _ in project.words),
    ]:
        name = key.partition("/")[0]  # utter_faq says every utter_faq/…
        if key not in said and name not in said and key not in seen:
            seen.add(key)
            yield Problem(
                file, line, key, "nothing says it", "a rule, a form or an action that does"
            )


def _said_by_rules(project: Project) -> set[str]:
    said = set()
    for file in sorted((project.root / "data" / "rules").glob("*.yml")):
        for rule in project.load(file).get("rules") or []:
            said |= {step["action"] for step in rule["steps"] if "action" in step}
    return said
