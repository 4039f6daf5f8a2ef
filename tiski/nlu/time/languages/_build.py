"""Helpers to lay out a language's phrases."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..lexicon import Meaning


class Phrases(dict[str, Meaning]):
    """Phrases with their meanings. A phrase has one meaning: the rules, not the tables, tell
    apart what a word does in different places.
    """

    def __setitem__(self, phrase: str, meaning: Meaning) -> None:
        """Add a phrase.

        Raises:
            ValueError: it is there already and means something else.
        """
        if self.get(phrase, meaning) != meaning:
            raise ValueError(
                f"phrase '{phrase}': means {self[phrase]} and {meaning}; expected one meaning"
            )
        super().__setitem__(phrase, meaning)

    def add(self, tag: str, phrases: str, value: Any = None) -> None:
        """Give one meaning to several phrases, separated by commas."""
        for phrase in split(phrases):
            self[phrase] = ((tag, value),)

    def add_pair(self, phrases: str, first: tuple[str, Any], second: tuple[str, Any]) -> None:
        """Give two meanings at once, as in 'tonight': today, evening."""
        for phrase in split(phrases):
            self[phrase] = (first, second)

    def add_tags(self, table: dict[str, str]) -> None:
        """Tags without a value: tag → phrases separated by commas."""
        for tag, phrases in table.items():
            self.add(tag, phrases)


def split(phrases: str) -> list[str]:
    """The phrases of a list written with commas."""
    return [" ".join(phrase.split()) for phrase in phrases.split(",") if phrase.strip()]


def numbered(rows: Iterable[str], first: int) -> dict[int, list[str]]:
    """Number → spellings, from rows of spellings that begin at `first`."""
    return {number: split(row) for number, row in enumerate(rows, first)}
