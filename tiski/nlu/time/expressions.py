"""Pieces become expressions: what belongs together is joined, what is doubtful is left out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from .amounts import PERIODS, UNITS
from .combine import one_day
from .grammar import names
from .items import NONE, STRONG, WEAK, Item, bare_clock
from .lexicon import Language, Lexicon
from .meanings import (
    Around,
    CalendarDay,
    Clock,
    Day,
    Every,
    InMinutes,
    Later,
    Length,
    Month,
    Now,
    Part,
    RelativeDay,
    RestOfDay,
    Time,
    TimeRange,
    Vague,
    Weekday,
)
from .tokens import Token

_PIECES = frozenset(
    names("day part clock range in_minutes moment minute_of_hour now now_doubtful around")
)
# read only where such kinds are asked for
_OTHER_KINDS = {
    "duration": "duration",
    "habit": "recurrence",
    "vague": "vague",
    **dict.fromkeys(names("week month_unit day_word year_word unit month ordinal"), "vague"),
}
# what may stand between the pieces of one expression
JOINING = frozenset(
    names(
        "filler at of the in_pre about_pre about_post comma from_pre exactly day_word ago start_of "
        "end_of oclock now now_doubtful later earlier during"
    )
)
# what says little beside a doubtful "now"
_TAIL = frozenset(names("stop dot comma filler answer now_doubtful"))
# between these two expressions have little to do with each other
_PARTING = frozenset(names("correct or and not_pre not_post instead instead_pre cannot stop"))
# how many words apart two pieces may be, when there is nothing else they could belong to
_FAR = 6


@dataclass
class Expression:
    """One time expression, not yet turned into datetimes.

    start, end: offsets in the text; first, last: indexes of the items it covers.
    strength: two or more make a time. bare: a number is in it that nothing marks as a time.
    past: something that happened then ("tilasin perjantaina").
    kind: as in `TimeSpan`; every: how it recurs. others: places of words that belong to it and
    stand apart, as offsets.
    """

    first: int
    last: int
    start: int
    end: int
    day: Day | None = None
    time: Time | None = None
    part: Part | None = None
    strength: int = NONE
    bare: bool = False
    past: bool = False
    kind: str = "time"
    every: Every | None = None
    others: tuple[tuple[int, int], ...] = ()

    @property
    def pieces(self) -> tuple[tuple[int, int], ...]:
        """All places that say it, in their order."""
        return tuple(sorted({(self.start, self.end), *self.others}))


class Message:
    """The reduced items of one message, with what is asked of them again and again."""

    def __init__(
        self,
        items: list[Item],
        tokens: list[Token],
        lexicon: Lexicon,
        *,
        sure: bool,
        expect_time: bool,
        kinds: frozenset[str],
    ) -> None:
        """Keep what was read.

        `sure`: the text is in this language for certain, so that short weekday names count.
        `expect_time`: a time was just asked for, so that "2-4" is one.
        `kinds`: which kinds of expressions to read.
        """
        self.kinds = kinds
        self.items = items
        self.tokens = tokens
        self.language = lexicon.language
        self.sure = sure
        self.expect_time = expect_time
        self.moves = any(item.tag == "move" for item in items)

    def word_before(self, index: int) -> str:
        """The word before an item, '' at the beginning."""
        return self.tokens[self.items[index - 1].last].text if index else ""

    def gap(self, one: Expression, two: Expression) -> list[str]:
        """The tags of the items between two expressions, whichever is first."""
        first, second = (one, two) if one.first < two.first else (two, one)
        return [item.tag for item in self.items[first.last + 1 : second.first]]

    def linked(self, one: Expression, two: Expression) -> bool:
        """Whether nothing but 'or', 'and', a comma or a dash joins two expressions."""
        gap = self.gap(one, two)
        links = [tag for tag in gap if tag in ("or", "and", "comma", "dash")]
        return bool(links) and len(gap) <= 4 and all(tag in links or tag in JOINING for tag in gap)


def read_expressions(message: Message) -> list[Expression]:
    """The expressions in a message, wanted or not, in their order."""
    found = _reach_over(_collect(message), message)
    return _believable(found, message)


def is_counted(items: list[Item], index: int, language: Language) -> bool:
    """Whether the number counts the word after it: '2 shampoota'."""
    if index + 1 >= len(items):
        return False
    after = items[index + 1]
    if after.tag != "word":
        return after.tag == "hundred" or after.tag in UNITS
    word = str(after.value)
    return word not in language.not_counted and language.counted.search(word) is not None


def _could_be_hour(message: Message, index: int) -> bool:
    """Whether a number could be an hour if a date stands beside it."""
    item = message.items[index]
    if item.tag not in ("digits", "number", "number_gen") or not isinstance(item.value, int):
        return False
    if item.value > 24 or (item.tag, item.value) == ("number", 1):
        return False  # "one" and "yksi" are mostly no hour
    if index and message.items[index - 1].tag == "sign":
        return False
    return not is_counted(message.items, index, message.language)


def _collect(message: Message) -> list[Expression]:
    """Join neighbouring pieces as long as each adds something."""
    found: list[Expression] = []
    for index, item in enumerate(message.items):
        piece = _piece(message, item, index)
        if piece is None:
            continue
        if found and _joinable(found[-1], piece, message):
            both = together(found[-1], piece)
            if both is not None:
                found[-1] = both
                continue
        found.append(piece)
    return found


def _piece(message: Message, item: Item, index: int) -> Expression | None:
    piece = Expression(index, index, item.start, item.end, strength=item.strength)
    if item.tag in _OTHER_KINDS:
        return _of_other_kind(message, item, piece)
    if item.tag == "number_to" and message.moves:
        piece.time = bare_clock(item)  # "siirrä viiteen"
    elif item.tag not in _PIECES:
        if not _could_be_hour(message, index):
            return None
        piece.time, piece.bare, piece.strength = bare_clock(item), True, WEAK
    elif item.tag == "day":
        piece.day = item.value
        if isinstance(item.value, Weekday) and item.strength < STRONG:
            if not message.sure or message.word_before(index) in message.language.never_after:
                return None
            # "ti" is certain where the language is; "la" only beside another piece
            piece.strength = STRONG if item.strength == WEAK else WEAK
    elif item.tag == "part":
        piece.part = item.value
    elif item.tag == "now_doubtful":
        if not _is_now(message, index):
            if "vague" not in message.kinds:
                return None
            piece.kind, piece.strength = "vague", STRONG
        piece.time = Now()
    else:
        piece.time = Now() if item.tag == "now" else item.value
        if message.expect_time:
            piece.strength = STRONG
    return piece


def _of_other_kind(message: Message, item: Item, piece: Expression) -> Expression | None:
    """Durations, what recurs, and what is vague."""
    piece.kind, piece.strength = _OTHER_KINDS[item.tag], STRONG
    if item.tag == "unit" and item.value[0] not in (1, 60):
        piece.kind = "duration"  # "half an hour" says how many
    if piece.kind not in message.kinds:
        return None
    if piece.first and message.items[piece.first - 1].tag == "the":
        piece.first -= 1
        piece.start = message.items[piece.first].start
    if isinstance(item.value, Every):
        piece.every, piece.part = item.value, item.value.part
        piece.day = item.value.day
        if piece.day is None and piece.part is None:
            piece.time = Around(item.value.count) if item.value.unit == "minutes" else None
        if piece.day is None and item.value.unit == "days":
            piece.every = replace(item.value, day=None)
        return piece
    if item.tag == "duration":
        piece.time = item.value
    elif item.tag == "ordinal":
        # "the first" of whatever; from four on it is mostly a day
        piece.day = CalendarDay(item.value) if 4 <= item.value <= 31 else None
    elif item.tag == "month":
        piece.day = Month(number=item.value)
    elif item.tag == "vague":
        if isinstance(item.value, str):
            piece.time = Vague(item.value)
        else:
            piece.day = item.value
    elif item.tag != "habit":
        count, unit = UNITS[item.tag] or item.value
        piece.day = PERIODS.get(unit)
        if piece.day is None:
            piece.time = Length(count, unit)
    return piece if piece.day or piece.time or piece.part else None


def _is_now(message: Message, index: int) -> bool:
    """'nyt' is a time where the message says little else or asks to come: 'pääseekö nyt?'."""
    if message.word_before(index) in message.language.never_after:
        return False
    others = message.items[:index] + message.items[index + 1 :]
    if message.expect_time or all(item.tag in _TAIL for item in others):
        return True
    if any(item.tag in ("not_pre", "not_post", "cannot") for item in others):
        return False
    beside = message.language.now_beside
    return bool(beside) and any(token.text.startswith(beside) for token in message.tokens)


def _joinable(one: Expression, two: Expression, message: Message) -> bool:
    gap = message.gap(one, two)
    if gap == ["and"] and _one_range(one.time, two.time):
        return True  # "after 3 and before 5"
    if len(gap) > 4 or any(tag not in JOINING for tag in gap):
        return False
    return len(gap) <= 2 or not (one.bare or two.bare)


# these take nothing to them
_APART = frozenset({Around, RestOfDay, Length, Vague})


def together(one: Expression, two: Expression) -> Expression | None:
    """Two expressions as one, or None if they say the same kind of thing twice."""
    day = one.day or two.day
    if InMinutes in {type(one.time), type(two.time)} and day not in (None, RelativeDay(0)):
        return None
    if _APART & {type(one.time), type(two.time)} or {one.kind, two.kind} == {"vague", "time"}:
        return None
    if isinstance(one.day, RelativeDay) and isinstance(two.day, CalendarDay) and two.day.clock:
        # "huomenna 9.10" is a time
        two, day = replace(two, day=None, time=two.day.clock), one.day
    elif one.day and two.day:
        day = one_day(one.day, two.day)
        if day is None:
            return None
    times = [time for time in (one.time, two.time) if time is not None]
    span = _one_range(one.time, two.time)
    if span is not None:
        times = [span]
    exact = [time for time in times if not isinstance(time, Now)]
    if len(exact) > 1 or (one.part and two.part):
        return None
    part = one.part or two.part
    # "heti huomenna": at once says nothing there
    time = (exact or times or [None])[0] if exact or not (day or part) else None
    return Expression(
        one.first,
        two.last,
        one.start,
        two.end,
        day,
        time,
        part,
        one.strength + two.strength,
        one.bare or two.bare,
        kind="recurrence" if "recurrence" in (one.kind, two.kind) else one.kind,
        every=one.every or two.every,
        others=one.others + two.others,
    )


def _one_range(one: Time | None, two: Time | None) -> TimeRange | None:
    """'after 3' and 'before 5' are one range."""
    if not isinstance(one, TimeRange) or not isinstance(two, TimeRange):
        return None
    if (one.first is None) == (two.first is None) or (one.last is None) == (two.last is None):
        return None
    return TimeRange(one.first or two.first, one.last or two.last)


def _reach_over(found: list[Expression], message: Message) -> list[Expression]:
    """'huomenna aikoja kolmelta': the only date and the only time belong together.

    The result stands where the date stands: the words between may be something else's.
    """
    strong = [e for e in found if e.strength >= STRONG]
    days = [e for e in strong if e.day and not (e.time or e.part)]
    times = [e for e in strong if not e.day and (e.time or e.part)]
    if len(days) != 1 or not times or len(strong) != 1 + len(times):
        return found
    day, time = days[0], times[0] if days[0] is strong[0] else times[-1]
    if is_past(day.day) or isinstance(time.time, Now):
        return found
    if len(times) > 1 and not all(message.linked(one, two) for one, two in pairwise(times)):
        return found
    gap = message.gap(day, time)
    if len(gap) > _FAR or any(tag in _PARTING for tag in gap):
        return found
    first, second = (day, time) if day.first < time.first else (time, day)
    both = together(first, second)
    if both is None:
        return found
    both = replace(both, start=day.start, end=day.end, others=(*day.pieces, *time.pieces))
    return [both if e is first else e for e in strong if e is not second]


def is_past(day: Day | None) -> bool:
    """Whether the words themselves say that the day is over: 'eilen', 'last friday'."""
    if isinstance(day, RelativeDay):
        return day.offset < 0
    if isinstance(day, Later):
        return day.count < 0
    return isinstance(day, Weekday) and day.which == "last"


def _believable(found: list[Expression], message: Message) -> list[Expression]:
    """Leave out what is too doubtful; 'ti tai la' support each other."""
    kept: list[Expression] = []
    for index, expression in enumerate(found):
        strength = expression.strength
        if strength == WEAK and expression.day and not expression.bare:
            neighbours = found[max(0, index - 1) : index] + found[index + 1 : index + 2]
            if any(e.day and e.strength and message.linked(expression, e) for e in neighbours):
                strength = STRONG
        elif (
            expression.bare
            and kept
            and isinstance(kept[-1].time, Clock)
            and message.gap(kept[-1], expression) in (["or"], ["and"])
        ):
            strength = STRONG  # "at 3 or 4"
        if strength >= STRONG:
            kept.append(expression)
    return kept
