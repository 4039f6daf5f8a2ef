"""Texts as they stand in a chart or a table: short, on few lines, with nothing that breaks it."""

from __future__ import annotations

import re
import textwrap

from tiski.answers.filling import shown

_LINE = 44
# A beginning shorter than this ("Hi!", "Thank you!") says nothing without what follows
_TOO_SHORT = 24
_LONGEST = 130
# What Mermaid would read as its own, though it stands in quotes
_ESCAPED = {"&": "#amp;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "`": "'"}


def first_sentences(text: str) -> str:
    """The first sentence of a text, or two where the first is a mere "Thank you!".

    {placeholders} are written ‹so›; of words for one and for many, those for many stand there.
    """
    text = shown(" ".join(text.split()))
    sentences = re.split(r"(?<=[.!?:])\s+(?=[\w‹“”])", text)
    taken = sentences[0]
    for sentence in sentences[1:]:
        if len(taken) >= _TOO_SHORT:
            break
        taken = f"{taken} {sentence}"
    if len(taken) > _LONGEST:
        taken = taken[:_LONGEST].rsplit(" ", 1)[0] + ":"
    return taken[:-1].rstrip() + " …" if taken.endswith(":") else taken


def question_of(text: str) -> str:
    """The question of a text: its last sentence with a question mark, else its beginning."""
    sentences = re.split(r"(?<=[.!?:])\s+|\s*\n\s*", shown(text).strip())
    asked = [" ".join(s.split()) for s in sentences if s.endswith("?")]
    return asked[-1] if asked and len(asked[-1]) <= _LONGEST else first_sentences(text)


def box(*texts: str) -> str:
    """The label of a node: each text on lines of its own."""
    lines = [line for text in dict.fromkeys(texts) for line in textwrap.wrap(text, _LINE)]
    escaped = ["".join(_ESCAPED.get(letter, letter) for letter in line) for line in lines]
    return '"' + "<br/>".join(escaped) + '"'


def in_table(text: str) -> str:
    """A text as a cell of a Markdown table."""
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")
