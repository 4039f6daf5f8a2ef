"""The desk's words, for code that must speak by itself: `data/responses/` and `data/words/`.

Rasa's own answers go through its generator. Buttons, lines of a list and other pieces of a sentence
are no answers of their own: they are in `data/words/*.yml`, each with a text for every language
(`button_yes: {fi: Kyllä, en: "Yes"}`), where Rasa does not take them for responses. The channels (an apology, the greeting) and some
actions have no generator at hand and ask here, so that no sentence stands in Python.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tiski.answers.filling import filled
from tiski.answers.manner import Responses, in_manner
from tiski.business import load_business
from tiski.paths import ROOT


class WordsError(KeyError):
    """A response, a language of it or a placeholder's value is missing; the text says which."""

    def __str__(self) -> str:  # KeyError would show the sentence in quotes
        return str(self.args[0])


def written_responses(folder: Path = ROOT / "data" / "responses") -> Responses:
    """Return every response of a folder as it is written, by name."""
    found: Responses = {}
    for file in sorted(folder.glob("*.yml")):
        content = YAML(typ="safe").load(file.read_text(encoding="utf-8")) or {}
        found.update(content.get("responses") or {})
    return found


class Words:
    """The responses of one folder, and the words in the folder `words` beside it."""

    def __init__(self, folder: Path, as_said: Callable[[Responses], Responses] = dict) -> None:
        """Read a folder; `as_said` turns what is written into what is said."""
        self._folder = folder
        self._variations = written_responses(folder)
        yaml = YAML(typ="safe")
        for file in sorted((folder.parent / "words").glob("*.yml")):
            content = yaml.load(file.read_text(encoding="utf-8")) or {}
            for key, texts in (content.get("words") or {}).items():
                self._variations[key] = [
                    {"text": text, "condition": [{"name": "language", "value": language}]}
                    for language, text in texts.items()
                ]
        self._variations = as_said(self._variations)

    def languages(self, key: str) -> list[str]:
        """The languages in which a response is written, in the order of the file."""
        found = [_language(variation) for variation in self._of(key)]
        return list(dict.fromkeys(language for language in found if language))

    def phrases(self, key: str, language: str) -> list[str]:
        """Every variation of a response that any channel may say, in the order of the file.

        Variations that hang on other slots than `language`, or on a channel, are left out:
        nobody here can tell whether they fit. A variation without a language is for all.

        Raises:
            WordsError: no such response, or none in that language.
        """
        texts = [
            str(variation["text"]).strip()
            for variation in self._of(key)
            if "text" in variation
            and "channel" not in variation
            and _language(variation) in (language, None)
            and _only_language(variation)
        ]
        if not texts:
            raise WordsError(f"{self._where(key)}: no text in language '{language}'")
        return texts

    def phrase(self, key: str, language: str, index: int = 0, **values: object) -> str:
        """One variation (the first, or by index modulo their number), placeholders filled.

        Raises:
            WordsError: no such response or language, or a placeholder got no value.
        """
        texts = self.phrases(key, language)

        def value(name: str) -> object:
            if name not in values:
                raise WordsError(
                    f"{self._where(key)}: language '{language}': placeholder {{{name}}} got no "
                    f"value; known here: {', '.join(sorted(values)) or 'none'}"
                )
            return values[name]

        return filled(texts[index % len(texts)], value)

    def buttons(self, key: str, language: str) -> list[dict[str, str]]:
        """The buttons of a response's first variation in a language; empty if it has none."""
        for variation in self._of(key):
            if _language(variation) in (language, None) and variation.get("buttons"):
                return [
                    {"title": str(button["title"]), "payload": str(button["payload"])}
                    for button in variation["buttons"]
                ]
        return []

    def beginning_with(self, beginning: str) -> dict[str, list[str]]:
        """Every text, of all languages, of the words whose names begin so."""
        return {
            key: [str(variation["text"]) for variation in variations if "text" in variation]
            for key, variations in self._variations.items()
            if key.startswith(beginning)
        }

    def _of(self, key: str) -> list[dict[str, Any]]:
        if key not in self._variations:
            raise WordsError(f"{self._where(key)}: no such response")
        return self._variations[key]

    def _where(self, key: str) -> str:
        kind = self._folder.name if key.startswith("utter_") else "words"
        return f"{self._folder.parent.name}/{kind}: {key}"


def _language(variation: dict[str, Any]) -> str | None:
    for condition in variation.get("condition") or []:
        if condition.get("name") == "language":
            return str(condition.get("value"))
    return None


def _only_language(variation: dict[str, Any]) -> bool:
    return all(c.get("name") == "language" for c in variation.get("condition") or [])


@lru_cache(maxsize=1)
def _words() -> Words:
    """As this business says them: sinä or te, with emoji or without."""
    return Words(ROOT / "data" / "responses", lambda found: in_manner(found, load_business()))


def languages(key: str) -> list[str]:
    """See `Words.languages`, for the project's own responses."""
    return _words().languages(key)


def phrases(key: str, language: str) -> list[str]:
    """See `Words.phrases`, for the project's own responses."""
    return _words().phrases(key, language)


def phrase(key: str, language: str, index: int = 0, **values: object) -> str:
    """See `Words.phrase`, for the project's own responses."""
    return _words().phrase(key, language, index, **values)


def buttons(key: str, language: str) -> list[dict[str, str]]:
    """See `Words.buttons`, for the project's own responses."""
    return _words().buttons(key, language)


def beginning_with(beginning: str) -> dict[str, list[str]]:
    """See `Words.beginning_with`, for the project's own words."""
    return _words().beginning_with(beginning)
