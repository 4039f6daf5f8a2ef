"""The staff page's own texts, `words.yml` beside this file. Customers never see them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

from tiski.business import Business

LANGUAGES = ("fi", "en")


@lru_cache(maxsize=1)
def _all() -> dict[str, dict[str, str]]:
    file = Path(__file__).with_name("words.yml")
    words: dict[str, dict[str, str]] = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    return words


def word(key: str, language: str, **values: object) -> str:
    """One text, its placeholders filled.

    Raises:
        KeyError: no such text, or a placeholder without a value.
    """
    return _all()[key][language].format(**values)


def every(language: str) -> dict[str, str]:
    """All texts of a language, placeholders as they stand."""
    return {key: texts[language] for key, texts in _all().items()}


def kind(intent: str, language: str) -> str:
    """An intent or use case in the staff's words; a question by its name."""
    known = _all().get(f"kind_{intent}")
    return known[language] if known else intent.removeprefix("utter_").replace("_", " ")


def chosen(asked: str | None, business: Business) -> str:
    """The page's language: what was asked for, else the business's own, else English."""
    for language in (asked, business.default_language):
        if language in LANGUAGES:
            return str(language)
    return "en"
