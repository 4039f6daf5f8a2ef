"""Finds the time expressions of a message. See the package for how to call it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from .expressions import Expression, Message, is_counted, read_expressions
from .grammar import names
from .items import STRONG, Item, bare_clock, read_items
from .lexicon import Lexicon
from .resolve import resolve
from .rules_clocks import CLOCKS, DAY_RANGES, TIME_RANGES
from .rules_days import DAY_PAIRS, DAYS, NUMERIC_DAYS
from .span import TimeSpan
from .tables import read_language
from .tokens import Token, tokenize
from .wishes import meant

# what an expression may be: a time to meet at, a length, something that recurs, or a vague word
KINDS = frozenset({"time", "duration", "recurrence", "vague"})
TIMES = frozenset({"time"})
# a folder for each language
LANGUAGES = Path(__file__).parent / "languages"


@lru_cache(maxsize=1)
def _lexicons() -> dict[str, Lexicon]:
    """All languages there is a folder for, by their codes."""
    folders = sorted(path.parent for path in LANGUAGES.glob("*/settings.yml"))
    return {folder.name: Lexicon(read_language(folder)) for folder in folders}


def supported_languages() -> list[str]:
    """The codes of the languages that time expressions are understood in."""
    return list(_lexicons())


def find_times(
    text: str,
    *,
    now: datetime,
    language: str | None = None,
    is_open: Callable[[datetime], bool] | None = None,
    expect_time: bool = False,
    kinds: frozenset[str] = TIMES,
) -> list[TimeSpan]:
    """Find the time expressions in a text, in the order they stand in it.

    Args:
        text: what the customer wrote; the first 2,000 characters are read.
        now: the present moment, aware, in the business's zone; results are in that zone.
        language: a code of `supported_languages()`, or None to take the language whose reading
            covers more of the text. A language there is no folder for counts as None.
        is_open: whether the business is open at a moment; decides between 3 and 15 o'clock.
            None: from 8 to 19:59 is preferred.
        expect_time: a time was just asked for, so a bare number is one ("15", "kolme").
        kinds: which of KINDS to find; what somebody may book is a "time".

    Raises:
        ValueError: `now` has no time zone, or a kind is not known.
    """
    if not kinds <= KINDS:
        raise ValueError(f"kinds: {sorted(kinds - KINDS)} not known; expected of {sorted(KINDS)}")
    if now.tzinfo is None:
        raise ValueError(f"now: '{now.isoformat()}' has no time zone; expected an aware datetime")
    tokens = _without_labelled(tokenize(text))
    if not tokens:
        return []
    expressions = _best_reading(tokens, language, expect_time, kinds)
    spans: list[TimeSpan] = []
    for expression in expressions:
        span = resolve(expression, text, now, is_open)
        if span is None:
            continue
        if spans and _same_value(spans[-1], span):
            spans[-1] = _said_twice(spans[-1], span)
        else:
            spans.append(span)
    return spans


def _same_value(one: TimeSpan, two: TimeSpan) -> bool:
    """Whether the second only repeats the first: '10.30 eli puoli yksitoista'."""
    return (one.begin, one.finish) == (two.begin, two.finish)


def _said_twice(one: TimeSpan, two: TimeSpan) -> TimeSpan:
    """The first of two that mean the same, unless it is vague: 'mikä päivä tänään on'."""
    said = two if one.kind == "vague" else one
    return replace(said, pieces=one.pieces + two.pieces)


def find_impossible(text: str, *, language: str | None = None) -> list[str]:
    """The pieces of a text that are said as a date or time but do not exist: '31.2.', 'klo 25'."""
    tokens = _without_labelled(tokenize(text))
    for lexicon in _chosen(language):
        pieces = [
            text[item.start : item.end]
            for item in _reduce(read_items(tokens, lexicon))
            if item.tag == "impossible"
        ]
        if pieces:
            return pieces
    return []


def _without_labelled(tokens: list[Token]) -> list[Token]:
    """Hide the numbers that name or price something: 'tilausnumero 12', 'hinta 15.30'."""
    done = tokens[:1]
    for before, token in pairwise(tokens):
        if token.kind in ("number", "dotted") and any(
            lexicon.is_label(before.text) for lexicon in _lexicons().values()
        ):
            token = replace(token, kind="hidden")
        done.append(token)
    return done


def _chosen(language: str | None) -> list[Lexicon]:
    lexicons = _lexicons()
    return [lexicons[language]] if language in lexicons else list(lexicons.values())


def _best_reading(
    tokens: list[Token], language: str | None, expect_time: bool, kinds: frozenset[str]
) -> list[Expression]:
    """The expressions in the language asked for, or in the one that covers more characters."""
    chosen = _chosen(language)
    known = [sum(lexicon.knows(token.text) for token in tokens) for lexicon in chosen]
    strangers = not all(_is_known(token, chosen) for token in tokens)
    best: list[Expression] = []
    best_score = (0, 0)
    for lexicon, count in zip(chosen, known, strict=True):
        rival = max(
            (known[i] for i, other in enumerate(chosen) if other is not lexicon), default=-1
        )
        sure = count > rival or (count == rival and not strangers)
        expressions, covered = _read(tokens, lexicon, sure, expect_time, kinds)
        if (covered, count) > best_score:
            best, best_score = expressions, (covered, count)
    return best


def _is_known(token: Token, lexicons: list[Lexicon]) -> bool:
    return token.kind not in ("word", "hidden") or any(lex.knows(token.text) for lex in lexicons)


def _read(
    tokens: list[Token],
    lexicon: Lexicon,
    sure: bool,
    expect_time: bool,
    kinds: frozenset[str],
) -> tuple[list[Expression], int]:
    """The expressions that are meant, and how many characters any expressions cover."""
    items = read_items(tokens, lexicon)
    if not expect_time and tokens[0].text in lexicon.language.greetings:
        closed = len(items) == 1 or items[1].tag in ("stop", "comma", "dot")
        items = items[1:] if closed else items  # "Morning! Could I ..."
    if expect_time:
        bare = _bare_answer(items, lexicon)
        if bare is not None:
            return [bare], bare.end - bare.start
    message = Message(
        _reduce(items), tokens, lexicon, sure=sure, expect_time=expect_time, kinds=kinds
    )
    found = read_expressions(message)
    return meant(found, message), sum(each.end - each.start for each in found)


def _reduce(items: list[Item]) -> list[Item]:
    for step in (DAYS, CLOCKS, TIME_RANGES, NUMERIC_DAYS, DAY_PAIRS, DAY_RANGES):
        items = step.apply(items)
    return items


_AROUND_AN_ANSWER = frozenset(
    names(
        "filler answer comma dot stop at about_pre about_post exactly the of now now_doubtful correct"
    )
)


def _bare_answer(items: list[Item], lexicon: Lexicon) -> Expression | None:
    """'15', 'kolme kiitos': a message that is nothing but an hour."""
    numbers = [index for index, item in enumerate(items) if item.tag not in _AROUND_AN_ANSWER]
    if len(numbers) != 1:
        return None
    index = numbers[0]
    item = items[index]
    if item.tag not in ("digits", "number", "number_gen") or item.value > 24:
        return None
    if is_counted(items, index, lexicon.language):
        return None
    return Expression(index, index, item.start, item.end, time=bare_clock(item), strength=STRONG)
