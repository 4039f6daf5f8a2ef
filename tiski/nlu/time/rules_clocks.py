"""The rules for clock times and for ranges of times and days."""

from __future__ import annotations

from dataclasses import replace

from .calendar_days import is_real_date
from .grammar import Pass, has, merged, value_of
from .items import STRONG, WEAK, Item, bare_clock, clock_of
from .meanings import (
    CalendarDay,
    Clock,
    Day,
    DayRange,
    Impossible,
    MinuteOfHour,
    TimeRange,
)

_HOURS = {
    "digits",
    "year",
    "number",
    "number_gen",
    "number_part",
    "number_at",
    "number_from",
    "number_to",
}
_READY = {"clock", "clock_dotted", "day_or_clock", "day_dotted"}


def _hour(item: Item) -> Clock | None:
    """The clock time that one item says, or None."""
    if isinstance(item.value, Clock):
        return item.value
    if isinstance(item.value, CalendarDay):
        return item.value.clock
    if item.tag not in _HOURS or not isinstance(item.value, int):
        return None
    if 100 <= item.value <= 2400:  # "klo 1530"; "at 123 Main Street" is no time
        if item.value < 1000 and item.value % 5:
            return None
        return clock_of(item.value // 100, item.value % 100, "")
    return bare_clock(item) if item.value <= 24 else None


def _said(items: list[Item]) -> list[Item] | None:
    """'klo 15', 'at 3', '3 o'clock', 'kolmen maissa', 'kolmelta'."""
    said = next(item for item in items if item.tag in _HOURS or item.tag in _READY)
    clock = _hour(said)
    if clock is None:
        if has(items, "at", "oclock") and isinstance(said.value, int):
            return merged("impossible", Impossible(), items)
        return None
    if has(items, "about_pre", "about_post"):
        clock = replace(clock, grain="hour")
    return merged("clock", clock, items)


def _hour_and_minute(items: list[Item]) -> list[Item] | None:
    """'klo 15 30', 'three thirty'."""
    numbers = [item for item in items if item.tag in _HOURS]
    hour, minute = (int(item.value) for item in numbers[-2:])
    sure = has(items, "at", "number_at")
    if hour > 24 or minute > 59 or minute < 10 or (not sure and minute not in (15, 30, 45)):
        return None
    clock = clock_of(hour, minute, "")
    return merged("clock", clock, items) if clock else None


def _hundreds(items: list[Item]) -> list[Item] | None:
    """'eight hundred', 'five hundred and thirty': as soldiers say it."""
    hour, *minutes = (int(item.value) for item in items if item.tag in _HOURS)
    clock = clock_of(hour, minutes[0] if minutes else 0, "")
    half = value_of(items, "ampm")
    if clock is None or clock.minute % 5:
        return None
    if half and hour <= 12:
        clock = replace(clock, hour=hour % 12 + (12 if half == "pm" else 0), fixed=True)
    return merged("clock", clock, items, STRONG if half or has(items, "at") else WEAK)


def _minute_and_part(items: list[Item]) -> list[Item] | None:
    """'seven twenty in the evening'."""
    hour, minute = (int(item.value) for item in items if item.tag == "number")
    clock = clock_of(hour, minute, "") if minute >= 10 and minute % 5 == 0 else None
    return [*merged("clock", clock, items[:-1]), items[-1]] if clock else None


def _ends_with_meridiem(items: list[Item]) -> list[Item] | None:
    """'from nine to five pm': a range whose end is known, for a later rule."""
    last = _meridiem(items[-2:])
    return None if last is None else [*items[:-2], *last]


def _hour_to(items: list[Item]) -> list[Item] | None:
    """'kahteen aamulla'."""
    return [
        each
        for item in items
        for each in (
            merged("clock", bare_clock(item), [item]) if item.tag == "number_to" else [item]
        )
    ]


def _minute_and_meridiem(items: list[Item]) -> list[Item] | None:
    """'seven thirty p.m.', 'three and forty five pm'."""
    hour, minute = (int(item.value) for item in items if item.tag in _HOURS)
    if not 1 <= hour <= 12 or not (12 if has(items, "and") else 9) < minute < 60:
        return None
    hour = hour % 12 + (12 if items[-1].value == "pm" else 0)
    return merged("clock", Clock(hour, minute, fixed=True, grain="minute"), items)


def _meridiem(items: list[Item]) -> list[Item] | None:
    """'3 pm', '10:30 am'."""
    said = next(item for item in items if item.tag in _HOURS or item.tag in _READY)
    clock = _hour(said)
    half = items[-1].value
    if clock is None:
        return merged("impossible", Impossible(), items) if said.tag == "digits" else None
    hour = clock.hour
    if hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return merged("clock", replace(clock, hour=hour, fixed=True), items)


def _shifted(items: list[Item], minutes: int) -> list[Item] | None:
    """An hour moved by some minutes: 'puoli neljä' is four o'clock less 30."""
    clock = _hour(items[-1])
    if clock is None or clock.minute:
        return None
    total = (clock.hour * 60 + minutes) % (24 * 60)
    fixed = clock.fixed
    hour = total // 60
    if hour == 0 and not fixed:
        hour = 12  # half an hour before one
    return merged("clock", Clock(hour, total % 60, fixed, "minute"), items)


def _half_before(items: list[Item]) -> list[Item] | None:
    return _shifted(items, -30)


def _half_after(items: list[Item]) -> list[Item] | None:
    return _shifted(items, 30)


def _past_or_to(items: list[Item]) -> list[Item] | None:
    """'varttia yli kolme', 'ten to four', 'half past two'."""
    body = [item for item in items if item.tag != "at"]
    if body[0].tag == "quarter":
        minutes = 15
    elif body[0].tag in ("half_after", "half_before"):
        minutes = 30
    else:
        minutes = int(body[0].value)
    if not 1 <= minutes <= 30 or (has(body, "to") and minutes % 5):
        return None
    return _shifted(items, minutes if has(body, "past") else -minutes)


def _either(items: list[Item]) -> list[Item] | None:
    """'kahden tai kolmen aikaan' is two times."""
    first, link, last, _ = items
    one, two = _hour(first), _hour(last)
    if one is None or two is None:
        return None
    return [*merged("clock", one, [first]), link, *merged("clock", two, items[2:])]


def _before_the_hour(items: list[Item]) -> list[Item] | None:
    """'kymmentä vaille', without saying which hour: the next one."""
    minutes = 15 if items[0].tag == "quarter" else items[0].value
    if not 1 <= minutes <= 30:
        return None
    return merged("minute_of_hour", MinuteOfHour(60 - minutes), items)


def _untouched(items: list[Item]) -> list[Item]:
    """'from ten to three' is a range, for a later rule."""
    return items


CLOCKS = Pass(
    [
        ("at? half_before hour", _half_before),
        ("(from_pre|between_pre) hour (to|and) hour ampm", _ends_with_meridiem),
        ("(from_pre|between_pre) hour to hour", _untouched),
        ("at? (number_from|number_at) number_to", _untouched),
        ("part number_to|number_to part", _hour_to),
        ("at? (quarter|half_after|half_before|hour duration?) (past|till) at? hour", _past_or_to),
        ("at? (quarter|number) to hour", _past_or_to),
        ("at? half_after hour", _half_after),
        ("at? hour hundred (and? number)? (ampm|oclock)?", _hundreds),
        ("at? number number part", _minute_and_part),
        ("at? (hour|any_clock) ampm", _meridiem),
        ("at? (number|digits) and? (number|digits) ampm", _minute_and_meridiem),
        ("at digits digits", _hour_and_minute),
        ("at? (number|number_gen|number_at) number", _hour_and_minute),
        (
            "(about_pre)? at (about_pre)? (hour|year|any_clock|day_dotted) (oclock|about_post|exactly)*",
            _said,
        ),
        ("(about_pre)? (hour|any_clock) (oclock|about_post) about_post?", _said),
        ("exactly (hour|any_clock)", _said),
        ("(number_gen|digits) or (number_gen|digits) about_post", _either),
        ("(quarter|number_part|number|digits) till !hour", _before_the_hour),
        ("number_at", _said),
        ("clock_dotted", _said),
    ]
)


def _ends(items: list[Item]) -> list[Item]:
    return [item for item in items if item.tag in _HOURS or item.tag in _READY]


def _range(items: list[Item]) -> list[Item] | None:
    first, last = (_hour(item) for item in _ends(items))
    if first is None or last is None:
        return None
    if last.hour == 0 < first.hour:
        last = replace(last, hour=12)  # "10-12am"
    bare = not has(items, "between_pre", "between_post", "from_pre", "number_from", "clock")
    plausible = 7 <= first.hour < last.hour <= 21
    strength = WEAK if bare and not plausible else STRONG
    return merged("range", TimeRange(first, last), items, strength)


def _after(items: list[Item]) -> list[Item] | None:
    first = _hour(_ends(items)[0])
    return None if first is None else merged("range", TimeRange(first, None), items)


def _before(items: list[Item]) -> list[Item] | None:
    last = _hour(_ends(items)[0])
    return None if last is None else merged("range", TimeRange(None, last), items)


def _before_in_part(items: list[Item]) -> list[Item] | None:
    """'ennen aamuseitsemää'."""
    before = _before(items)
    return None if before is None else [*before, items[1]]


def _before_on_day(items: list[Item]) -> list[Item] | None:
    """'by tonight seven', 'by tomorrow at noon'."""
    before = _before([items[0], *_ends(items)])
    return None if before is None else [*items[1:-1], *before]


def _before_part(items: list[Item]) -> list[Item]:
    """'ennen iltaa' ends where the evening begins; 'iltaan mennessä' where it ends."""
    part = next(item.value for item in items if item.tag == "part")
    hour = part.begin if has(items, "before_pre") else part.until
    return merged("range", TimeRange(None, Clock(hour, fixed=True)), items)


def _after_part(items: list[Item]) -> list[Item]:
    part = next(item.value for item in items if item.tag == "part")
    return merged("range", TimeRange(Clock(part.until, fixed=True), None), items)


_TIME = "at? (clock|clock_dotted|hour)"

TIME_RANGES = Pass(
    [
        (f"between_pre {_TIME} (and|hyphen) {_TIME}", _range),
        (f"{_TIME} (and|hyphen) {_TIME} between_post", _range),
        (f"from_pre {_TIME} (hyphen|until_pre) {_TIME}", _range),
        (f"{_TIME} hyphen {_TIME}", _range),
        ("at? (number_from|number_at) number_to", _range),
        (f"(after_pre|past) {_TIME}", _after),
        (f"{_TIME} after_post", _after),
        (f"(before_pre|until_pre) {_TIME}", _before),
        (f"{_TIME} until_post", _before),
        (f"from_pre {_TIME}", _after),
        (f"{_TIME} from_post", _after),
        ("(before_pre|until_pre) part (clock|clock_dotted|hour)", _before_in_part),
        (f"(before_pre|until_pre) day part? {_TIME}", _before_on_day),
        ("(before_pre|until_pre) part", _before_part),
        ("part until_post", _before_part),
        ("after_pre part", _after_part),
        ("part after_post", _after_part),
        (f"(from_post|after_post) {_TIME}", _after),
        (f"until_post {_TIME}", _before),
    ]
)


def _days(items: list[Item]) -> list[Day]:
    return [item.value for item in items if item.tag == "day"]


def _day_range(items: list[Item]) -> list[Item] | None:
    first, last = _days(items)
    return None if first == last else merged("day", DayRange(first, last), items)


def _short_day_range(items: list[Item]) -> list[Item] | None:
    """'24.-26.11.': the month is said once."""
    last = items[-1].value
    if not isinstance(last, CalendarDay) or not 1 <= items[0].value <= 31:
        return None
    first = replace(last, day=items[0].value, clock=None)
    return merged("day", DayRange(first, last), items)


def _after_day(items: list[Item]) -> list[Item]:
    return merged(
        "day",
        DayRange(
            _days(items)[0],
            None,
            inclusive=not has(items, *_EXCLUSIVE),
            since=has(items, "from_post"),
        ),
        items,
    )


def _before_day(items: list[Item]) -> list[Item]:
    return merged(
        "day", DayRange(None, _days(items)[0], inclusive=not has(items, "before_pre")), items
    )


def _just_before_day(items: list[Item]) -> list[Item]:
    """'joulun alla': the week before it."""
    return merged(
        "day", DayRange(None, _days(items)[0], inclusive=False, within=_JUST_BEFORE), items
    )


_JUST_BEFORE = 7  # days
_EXCLUSIVE = ("after_pre", "after_post")


def _days_of_a_month(items: list[Item]) -> list[Item] | None:
    """'1. tai 2.12.': the month is said once."""
    number, link, last = items[0], items[-2], items[-1]
    if not isinstance(last.value, CalendarDay) or not 1 <= number.value <= 31:
        return None
    first = replace(last.value, day=number.value, clock=None)
    return [*merged("day", first, items[:-2]), link, last]


def _another_day(items: list[Item]) -> list[Item] | None:
    """'24.11. tai 26.': the month is said once."""
    first, link, number = items[:3]
    if not isinstance(first.value, CalendarDay) or not 1 <= number.value <= 31:
        return None
    if first.value.month is None or not is_real_date(number.value, first.value.month):
        return None
    day = replace(first.value, day=number.value, clock=None, weekday=None)
    return [first, link, *merged("day", day, items[2:])]


DAY_RANGES = Pass(
    [
        ("day (or|and) digits dot", _another_day),
        ("digits dot (or|and|comma) day", _days_of_a_month),
        ("ordinal (or|and|hyphen) day", _days_of_a_month),
        ("digits dot? dash day", _short_day_range),
        ("(from_pre|between_pre)? day (hyphen|and) day between_post", _day_range),
        ("between_pre day and day", _day_range),
        ("from_pre? day hyphen day", _day_range),
        ("after_pre day", _after_day),
        ("day (after_post|from_post)", _after_day),
        ("from_pre day from_post?", _after_day),
        ("day just_before_post", _just_before_day),
        ("(before_pre|until_pre) day", _before_day),
        ("day until_post", _before_day),
    ]
)
