"""Placeholders: what stands in curly brackets in the desk's sentences, and how it is filled.

`{hours}` becomes a value. `{hours|tunti|tuntia}` becomes the first word where that value is 1 and
the second where it is anything else ("0", "24", "2–4"), so that one sentence fits all of them:
"alle {hours} {hours|tunti|tuntia}". A value that ends in a point ("tiistaina 24.11.") leaves it to
the sentence that ends right after it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_PLACEHOLDER = re.compile(r"\{([a-z_]+)(?:\|([^{}|]*)\|([^{}|]*))?\}")
# what Rasa and an owner's own answer write for a brace
_PLACEHOLDER_OR_BRACE = re.compile(rf"\{{\{{|\}}\}}|{_PLACEHOLDER.pattern}")
_ONE = "1"
#: what is told to those who wrote something else
EXPECTED = "{name}, or {name|one|many}: two texts, each after a |"


def placeholders(text: str) -> list[str]:
    """The names of what a text wants filled, in their order, as often as they stand there."""
    return [match[1] for match in _PLACEHOLDER.finditer(text)]


def literals(text: str) -> list[str]:
    """What stands before, between and after the placeholders of a text."""
    return _PLACEHOLDER.split(text)[:: 1 + _PLACEHOLDER.groups]


def filled(text: str, value_of: Callable[[str], object]) -> str:
    """A text with values in the place of its placeholders; a value is never looked at again.

    Args:
        text: where it holds `{{`, that and `}}` stand for a brace.
        value_of: gives the value for a name.
    """

    def put(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0][0]
        value = str(value_of(match[1]))
        if match[2] is not None and value:
            value = match[2] if value == _ONE else match[3]
        return _without_point(value) if _ends_here(text, match.end()) else value

    return (_PLACEHOLDER_OR_BRACE if "{{" in text else _PLACEHOLDER).sub(put, text)


def shown(text: str) -> str:
    """A text for people who look at it unfilled: ‹names›, and the words for many."""
    return _PLACEHOLDER.sub(lambda match: f"‹{match[1]}›" if match[2] is None else match[3], text)


def without(text: str, names: set[str]) -> str:
    """A text without these placeholders, and without the space before each."""
    one_of = "|".join(sorted(names))
    return re.sub(rf" ?\{{(?:{one_of})(?:\|[^{{}}]*)?\}}", "", text)


def unreadable(text: str) -> list[str]:
    """What stands in curly brackets and is no placeholder, as it stands: it would be said so."""
    return re.findall(r"\{[^{}]*\}", _PLACEHOLDER.sub("", text))


def _ends_here(text: str, place: int) -> bool:
    """Whether a sentence's point stands there, and not an ellipsis."""
    return text.startswith(".", place) and not text.startswith("..", place)


def _without_point(value: str) -> str:
    is_ellipsis = value.endswith("..")
    return value if is_ellipsis else value.removesuffix(".")
