"""Pieces become expressions: what belongs together is joined, what is not wanted is left out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .combine import one_day
from .grammar import names
from .items import NONE, STRONG, WEAK, Item
from .lexicon import Lexicon
from .meanings import (
    CalendarDay,
    Clock,
    Day,
    DayRange,
    Later,
    Now,
    Part,
    RelativeDay,
    Time,
    TimeRange,
    Weekday,
)
from .tokens import Token

_PIECES = frozenset({"day", "part", "clock", "range", "in_minutes", "moment", "now"})
# words that may stand between the pieces of one expression
_JOINING = frozenset(
    names(
        "filler at of the in_pre about_pre about_post comma from_pre exactly day_word ago start_of "
        "end_of oclock"
    )
)
# how many words apart two pieces may be, when there is nothing else they could belong to
_FAR = 6


@dataclass
class Expression:
    """One time expression, not yet turned into datetimes.

    start, end: offsets in the text; first, last: indexes of the items it covers.
    strength: two or more make a time. bare: a number is in it that nothing marks as a time.
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


def join(items: list[Item], tokens: list[Token], lexicon: Lexicon, sure: bool) -> list[Expression]:
    """Read the expressions off the reduced items.

    `sure`: the text is in this language for certain, so that short weekday names count.
    """
    found = [
        expression
        for expression in _collect(_with_bare_numbers(items, tokens, lexicon), items, lexicon, sure)
        if expression.day or expression.time or expression.part
    ]
    found = _believable(found, items)
    found = _wanted(found, items)
    return _shared(found, items)


def _with_bare_numbers(items: list[Item], tokens: list[Token], lexicon: Lexicon) -> set[int]:
    """Indexes of the numbers that could be an hour if a date stands beside them."""
    bare: set[int] = set()
    for index, item in enumerate(items):
        if item.tag not in ("digits", "number", "number_gen") or not isinstance(item.value, int):
            continue
        if item.value > 24 or (item.tag, item.value) == ("number", 1):
            continue  # "one" and "yksi" are mostly no hour
        if is_label(items, index, tokens, lexicon):
            continue
        if not is_counted(items, index, lexicon):
            bare.add(index)
    return bare


def is_label(items: list[Item], index: int, tokens: list[Token], lexicon: Lexicon) -> bool:
    """Whether the number is the name of something: 'tilaus 12', '12/3', '3 + 4'."""
    if index == 0:
        return False
    before = items[index - 1]
    if before.tag == "sign":
        return True
    return any(tokens[before.last].text.startswith(label) for label in lexicon.language.labels)


def is_counted(items: list[Item], index: int, lexicon: Lexicon) -> bool:
    """Whether the number counts the word after it: '2 shampoota'."""
    if index + 1 >= len(items):
        return False
    after = items[index + 1]
    if after.tag != "word":
        return after.tag in ("unit", "day_word", "month_unit")
    word, language = str(after.value), lexicon.language
    return word not in language.not_counted and language.counted.search(word) is not None


def _collect(bare: set[int], items: list[Item], lexicon: Lexicon, sure: bool) -> list[Expression]:
    """Join neighbouring pieces as long as each adds something."""
    found: list[Expression] = []
    current: Expression | None = None
    for index, item in enumerate(items):
        piece = _piece(item, index, index in bare)
        if piece is None:
            continue
        if item.tag == "day" and isinstance(item.value, Weekday) and item.strength < STRONG:
            if not sure:
                continue
            piece.strength = _weekday_strength(items, index, lexicon)
        if current is not None and _joinable(current, index, items, piece.bare):
            both = _together(current, piece)
            if both is not None:
                current = both
                continue
        if current is not None:
            found.append(current)
        current = piece
    if current is not None:
        found.append(current)
    return _reach_over(found, items)


def _piece(item: Item, index: int, is_bare: bool) -> Expression | None:
    if item.tag not in _PIECES and not is_bare:
        return None
    piece = Expression(index, index, item.start, item.end, strength=item.strength)
    if is_bare:
        digits = item.end - item.start if item.tag == "digits" else 0
        fixed = item.value > 12 or item.value == 0 or digits == 2 > item.value
        piece.time, piece.bare, piece.strength = Clock(item.value, fixed=fixed), True, WEAK
    elif item.tag == "day":
        piece.day = item.value
    elif item.tag == "part":
        piece.part = item.value
    elif item.tag == "now":
        piece.time = Now()
    else:
        piece.time = item.value
    return piece


def _weekday_strength(items: list[Item], index: int, lexicon: Lexicon) -> int:
    """'ti' is certain where the language is; 'la' only beside another piece."""
    before = items[index - 1].value if index else None
    if before in lexicon.language.never_weekday_after:
        return NONE
    return STRONG if items[index].strength == WEAK else WEAK


def _joinable(current: Expression, index: int, items: list[Item], bare: bool) -> bool:
    gap = items[current.last + 1 : index]
    if len(gap) > 4 or any(item.tag not in _JOINING for item in gap):
        return False
    return len(gap) <= 2 or not (bare or current.bare)


def _together(one: Expression, two: Expression) -> Expression | None:
    """Two expressions as one, or None if they say the same kind of thing twice."""
    day = one.day or two.day
    if isinstance(one.day, RelativeDay) and isinstance(two.day, CalendarDay) and two.day.clock:
        # "huomenna 9.10" is a time
        two, day = replace(two, day=None, time=two.day.clock), one.day
    elif one.day and two.day:
        day = one_day(one.day, two.day)
        if day is None:
            return None
    first, second = one.time, two.time
    if isinstance(first, Now):
        first = None
    if isinstance(second, Now):
        second = None
    if (first and second) or (one.part and two.part):
        return None
    time = first or second or one.time or two.time
    if isinstance(time, Now) and (day or one.part or two.part):
        time = None
    return Expression(
        one.first,
        two.last,
        one.start,
        two.end,
        day,
        time,
        one.part or two.part,
        one.strength + two.strength,
        one.bare or two.bare,
    )


def _reach_over(found: list[Expression], items: list[Item]) -> list[Expression]:
    """'huomenna aikoja kolmelta': the only date and the only time belong together."""
    days = [e for e in found if e.day and e.strength >= STRONG and not e.time]
    times = [e for e in found if not e.day and e.time and e.strength >= STRONG]
    strong = [e for e in found if e.strength >= STRONG]
    if len(days) != 1 or len(times) != 1 or len(strong) != 2:
        return found
    one, two = strong
    if is_past(days[0].day) or isinstance(times[0].time, Now):
        return found
    gap = items[one.last + 1 : two.first]
    blocking = {"correct", "or", "and", "not_pre", "not_post", "instead", "cannot", "no_join"}
    if len(gap) > _FAR or any(item.tag in blocking for item in gap):
        return found
    both = _together(one, two)
    return found if both is None else [both]


def is_past(day: Day | None) -> bool:
    """Whether the words themselves say that the day is over: 'eilen', 'last friday'."""
    if isinstance(day, RelativeDay):
        return day.offset < 0
    if isinstance(day, Later):
        return day.count < 0
    return isinstance(day, Weekday) and day.which == "last"


def _believable(found: list[Expression], items: list[Item]) -> list[Expression]:
    """Leave out what is too doubtful; 'ti tai la' support each other."""
    kept: list[Expression] = []
    for index, expression in enumerate(found):
        strength = expression.strength
        if strength == WEAK and expression.day and not expression.bare:
            neighbours = found[max(0, index - 1) : index] + found[index + 1 : index + 2]
            if any(e.day and e.strength and _linked(expression, e, items) for e in neighbours):
                strength = STRONG
        elif expression.bare and kept and isinstance(kept[-1].time, Clock):
            # "at 3 or 4"
            gap = items[kept[-1].last + 1 : expression.first]
            if [item.tag for item in gap] == ["or"]:
                strength = STRONG
        if strength >= STRONG:
            kept.append(expression)
    return kept


def _linked(one: Expression, two: Expression, items: list[Item]) -> bool:
    first, second = sorted((one, two), key=lambda expression: expression.first)
    gap = [item.tag for item in items[first.last + 1 : second.first]]
    links = {"or", "and", "comma", "dash"}
    return (
        len(gap) <= 4
        and any(tag in links for tag in gap)
        and all(tag in links or tag in _JOINING for tag in gap)
    )


def _wanted(found: list[Expression], items: list[Item]) -> list[Expression]:
    """Leave out what is denied, replaced or moved away from."""
    moved = any(item.tag == "move" for item in items)
    kept: list[Expression] = []
    doubtful: list[Expression] = []
    replaced: Expression | None = None
    for expression in found:
        before = _tags_before(expression, items)
        after = _tags_after(expression, items)
        if "not_pre" in before or "instead_pre" in before or {"not_post", "instead"} & set(after):
            continue
        if moved:
            expression = _target(expression)
        if "correct" in before and kept:
            replaced = kept.pop()
            expression = _corrected(replaced, expression)
        if "cannot" in before or "cannot" in after:
            doubtful.append(expression)
            continue
        kept.append(expression)
    if moved and len(kept) > 1:
        targets = [e for e in kept if not (isinstance(e.day, Weekday) and e.day.source)]
        kept = targets or kept
    return kept or doubtful


def _tags_before(expression: Expression, items: list[Item]) -> list[str]:
    tags: list[str] = []
    for item in reversed(items[: expression.first]):
        if item.tag not in _JOINING and item.tag not in (
            "correct",
            "not_pre",
            "instead_pre",
            "cannot",
        ):
            break
        tags.append(item.tag)
        if item.tag == "comma" and "not_pre" not in tags and "correct" not in tags:
            continue
    if "comma" in tags and "not_pre" in tags and tags.index("comma") < tags.index("not_pre"):
        # "ei, torstaina": no, on Thursday
        return ["correct" if tag == "not_pre" else tag for tag in tags]
    return tags


def _tags_after(expression: Expression, items: list[Item]) -> list[str]:
    tags = []
    for item in items[expression.last + 1 : expression.last + 4]:
        if item.tag not in ("filler", "not_post", "cannot", "instead"):
            break
        tags.append(item.tag)
    return tags


def _target(expression: Expression) -> Expression:
    """'from thursday to friday', said of something that is moved: friday."""
    day, time = expression.day, expression.time
    if isinstance(day, DayRange) and day.first and day.last:
        day = day.last
    if isinstance(time, TimeRange) and time.first and time.last:
        time = time.last
    return replace(expression, day=day, time=time)


def _corrected(old: Expression, new: Expression) -> Expression:
    """'torstaina kolmelta, eiku perjantaina': what the correction does not say stays."""
    if new.day and (new.time or new.part):
        return new
    if new.day:
        return replace(new, time=old.time, part=old.part)
    part = new.part or (old.part if isinstance(new.time, Clock) else None)
    return replace(new, day=old.day, part=part, time=new.time)


def _shared(found: list[Expression], items: list[Item]) -> list[Expression]:
    """'ti tai ke klo 15' says both days at 15; 'huomenna kolmelta tai neljältä' both tomorrow."""
    done = list(found)
    for index in range(1, len(done)):
        one, two = done[index - 1], done[index]
        if two.day is None and one.day is not None and _linked(one, two, items):
            done[index] = replace(two, day=one.day)
    for index in range(len(done) - 2, -1, -1):
        one, two = done[index], done[index + 1]
        if not _linked(one, two, items):
            continue
        if one.day is None and two.day is not None:
            done[index] = one = replace(one, day=two.day)
        if one.day and two.day and not (one.time or one.part):
            done[index] = replace(one, time=two.time, part=two.part)
    return done
