"""Which of the expressions in a message are meant: denials, corrections, choices, the past."""

from __future__ import annotations

from dataclasses import replace

from .calendar_days import is_real_date
from .expressions import JOINING, Expression, Message
from .meanings import CalendarDay, Clock, DayRange, TimeRange, Weekday

_BEFORE = JOINING | {"correct", "not_pre", "instead_pre", "cannot"}
_AFTER = frozenset({"filler", "not_post", "cannot", "instead"})
# how many items before an expression "tilasin" may stand, and what ends its reach
_HAPPENED_WITHIN = 7
_NEW_CLAUSE = frozenset({"comma", "dot", "stop", "and", "or"})


def meant(found: list[Expression], message: Message) -> list[Expression]:
    """The expressions that are wanted, with what they share with each other."""
    found = _happened(found, message)
    return _shared(_wanted(found, message), message)


def _happened(found: list[Expression], message: Message) -> list[Expression]:
    """'tilasin perjantaina': the day lies in the past."""
    done = []
    begin = 0
    for expression in found:
        nearest = max(begin, expression.first - _HAPPENED_WITHIN)
        for item in reversed(message.items[nearest : expression.first]):
            if item.tag == "happened":
                expression = replace(expression, past=True)
            if item.tag == "happened" or item.tag in _NEW_CLAUSE:
                break
        done.append(expression)
        begin = expression.last + 1
    return done


def _wanted(found: list[Expression], message: Message) -> list[Expression]:
    """Leave out what is denied, replaced or moved away from."""
    moved = message.moves
    kept: list[Expression] = []
    doubtful: list[Expression] = []
    previous: Expression | None = None
    denied = False
    for expression in found:
        before = _tags_before(expression, message, previous)
        after = _tags_after(expression, message)
        # "not monday or tuesday" denies both
        spread = denied and previous is not None and _only_or(previous, expression, message)
        denied = "not_pre" in before or spread
        previous = expression
        if (
            denied
            or "not_pre" in before
            or "instead_pre" in before
            or {"not_post", "instead"} & set(after)
        ):
            continue
        if moved:
            expression = _target(expression)
        if moved and kept and not expression.day and not message.linked(kept[-1], expression):
            before.append("correct")  # "move my 3 pm tomorrow to 4 pm"
        if "correct" in before and kept:
            expression = _corrected(kept.pop(), expression)
        if "cannot" in before or "cannot" in after:
            doubtful.append(expression)
            continue
        kept.append(expression)
    if moved and len(kept) > 1:
        kept = _targets(kept, message)
    # "en pääse torstaina" alone still says which day it is about
    return kept or doubtful


def _only_or(one: Expression, two: Expression, message: Message) -> bool:
    """Whether nothing but 'or' joins them."""
    gap = message.gap(one, two)
    return "or" in gap and all(tag == "or" or tag in JOINING for tag in gap)


def _tags_before(
    expression: Expression, message: Message, previous: Expression | None
) -> list[str]:
    """What stands before an expression and bears on it, nearest first."""
    tags: list[str] = []
    begin = previous.last + 1 if previous else 0
    for index in range(expression.first - 1, begin - 1, -1):
        tag = message.items[index].tag
        if tag == "not_post" and index == begin and not previous and "comma" not in tags:
            tags.append("not_pre")  # "ei käy huomenna"
            break
        if tag not in _BEFORE:
            break
        tags.append(tag)
    if "comma" in tags and "not_pre" in tags and tags.index("comma") < tags.index("not_pre"):
        # "ei, torstaina": no, on Thursday
        return ["correct" if tag == "not_pre" else tag for tag in tags]
    return tags


def _tags_after(expression: Expression, message: Message) -> list[str]:
    tags = []
    for item in message.items[expression.last + 1 : expression.last + 4]:
        if item.tag not in _AFTER:
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


def _targets(kept: list[Expression], message: Message) -> list[Expression]:
    """Of days in a message that moves something, the last one and what is linked to it."""
    named = [e for e in kept if not (isinstance(e.day, Weekday) and e.day.source)] or kept
    if not all(expression.day for expression in named):
        return named
    first = len(named) - 1
    while first and message.linked(named[first - 1], named[first]):
        first -= 1
    return named[first:]


def _corrected(old: Expression, new: Expression) -> Expression:
    """'torstaina kolmelta, eiku perjantaina': what the correction does not say stays."""
    if new.day and (new.time or new.part):
        return new
    if new.day:
        return replace(new, time=old.time, part=old.part)
    part = new.part or (old.part if isinstance(new.time, Clock) else None)
    return replace(new, day=old.day, part=part)


def _in_same_month(one: CalendarDay, two: CalendarDay) -> CalendarDay:
    """'may 5th or 6th': the month is said once."""
    if two.month is None and one.month is not None and is_real_date(two.day, one.month, one.year):
        return replace(two, month=one.month, year=one.year)
    return two


def _shared(found: list[Expression], message: Message) -> list[Expression]:
    """'ti tai ke klo 15' says both days at 15; 'huomenna kolmelta tai neljältä' both tomorrow."""
    done = list(found)
    for index in range(1, len(done)):
        one, two = done[index - 1], done[index]
        if one.day is None or not message.linked(one, two):
            continue
        if two.day is None:
            done[index] = replace(two, day=one.day)
        elif isinstance(two.day, CalendarDay) and isinstance(one.day, CalendarDay):
            done[index] = replace(two, day=_in_same_month(one.day, two.day))
    for index in range(len(done) - 2, -1, -1):
        one, two = done[index], done[index + 1]
        if not message.linked(one, two):
            continue
        if one.day is None and two.day is not None:
            done[index] = one = replace(one, day=two.day)
        if one.day and two.day and not (one.time or one.part):
            done[index] = replace(one, time=two.time, part=two.part)
    return done
