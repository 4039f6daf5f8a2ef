"""The questions of business.yml that are the business's own: their answers, and how they are offered.

How they get into the training data is in `tiski/questions.py`. Nothing here needs Rasa.
"""

from __future__ import annotations

import json
from typing import Any

from tiski.business import OWN_QUESTION, Business

_LONGEST_TITLE = 24


def own_answers(business: Business) -> dict[str, list[dict[str, Any]]]:
    """The answers as Rasa's responses: a text for each language."""
    return {
        f"utter_{OWN_QUESTION}{name}": [
            # a brace of the owner's is a brace, not a placeholder
            {"text": text.replace("{", "{{").replace("}", "}}"), **said_in(language)}
            for language, text in question.answer.items()
        ]
        for name, question in business.questions.items()
    }


def wording(business: Business, question: str, language: str) -> str:
    """How a question is asked first: what a tap on it sends."""
    texts = business.questions[question].ask
    return str((texts.get(language) or next(iter(texts.values())))[0])


def title(business: Business, question: str, language: str) -> str:
    """A question as a button's title: its first wording, cut at a word's end where it is long."""
    text = wording(business, question, language)
    text = text[:1].upper() + text[1:]
    if len(text) <= _LONGEST_TITLE:
        return text
    cut = text[:_LONGEST_TITLE]
    return f"{cut[: cut.rindex(' ')] if ' ' in cut[8:] else cut[:-1]}…"


def trained_part(business: Business) -> bytes:
    """What a model learns of the page, for its fingerprint; empty without own questions."""
    asked = {name: question.ask for name, question in business.questions.items()}
    return json.dumps(asked, sort_keys=True).encode() if asked else b""


def said_in(language: str) -> dict[str, Any]:
    """The condition of a response's variation that is in this language."""
    return {"condition": [{"type": "slot", "name": "language", "value": language}]}
