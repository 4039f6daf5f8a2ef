"""How late, or early, a customer says that they will be: "vartin myöhässä", "there at 14:10"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from tiski.nlu.lexicon import any_of, lexicon, pattern
from tiski.nlu.time import find_times

# Who comes further from the time than this speaks of another one.
_AT_MOST = timedelta(hours=2)
# "14.10" is a time here and no day in October
_CLOCK = re.compile(r"(?<![\d.])([01]?\d|2[0-3])\.([0-5]\d)(?![\d.])")
# "10 min", "10-15 min", "10 late": the larger number counts
_NUMBER = r"(?<![\d.:,])(?:\d{1,3}\s*[-–]\s*)?(\d{1,3})(?![\d.:,]*\d)"


def minutes_late(
    text: str,
    start: datetime,
    *,
    now: datetime,
    language: str | None = None,
    is_open: Callable[[datetime], bool] | None = None,
) -> int | None:
    """Return by how many minutes the customer will be late; negative when early, None if unsaid.

    Args:
        text: what the customer wrote: a length of time, or when they arrive.
        start: of the visit, aware.
        now: aware, in the business's zone; "in 20 minutes" is counted from it.
        language, is_open: as `tiski.nlu.time.find_times` takes them.
    """
    text = _CLOCK.sub(r"\1:\2", text)
    times = find_times(text, now=now, language=language, is_open=is_open)
    # "20 minutes later" is later than agreed, not later than now
    times = [time for time in times if not time.shift]
    rest = list(text)
    for time in times:
        rest[time.start : time.end] = " " * (time.end - time.start)
    said = _length("".join(rest))
    if said is not None:
        return -said if pattern("early").search(text) else said
    begin = start.astimezone(now.tzinfo)
    for time in reversed(times):
        if time.finish is not None or not time.has_time or time.begin == now:
            continue
        arrival = time.begin
        if not time.has_date:  # "at two" is meant on the day of the visit
            arrival = datetime.combine(begin.date(), time.begin.timetz())
        away = arrival - begin
        if away and abs(away) <= _AT_MOST:
            return round(away.total_seconds() / 60)
    return None


def _length(text: str) -> int | None:
    """The minutes of a length of time in figures or words; None when there is none."""
    text = re.sub(r"(\d)([^\W\d_])", r"\1 \2", text)  # "10min"
    if text.strip().isdecimal():  # the bare answer to "how late?"
        return min(int(text), 999)
    match = _in_figures().search(text)
    if match:
        number, unit_of_hours = int(match.group(1)), match.group("hours")
        return number * 60 if unit_of_hours else number
    for minutes, words in _in_words().items():
        if words.search(text):
            return minutes
    return None


def _in_figures() -> re.Pattern[str]:
    hours, minutes = pattern("hours").pattern, pattern("minutes").pattern
    late, early = pattern("late").pattern, pattern("early").pattern
    return re.compile(
        rf"{_NUMBER}\s*(?:(?P<hours>{hours})|{minutes}|(?={late})|(?={early}))", re.IGNORECASE
    )


def _in_words() -> dict[int, re.Pattern[str]]:
    """By minutes; those of more words first, as "half an hour" holds "an hour"."""
    found: dict[int, list[str]] = {}
    for language in lexicon().values():
        for minutes, words in language["lasting"].items():
            found.setdefault(int(minutes), []).extend(words)
    longest = sorted(found, key=lambda minutes: -max(len(word.split()) for word in found[minutes]))
    return {minutes: any_of(found[minutes]) for minutes in longest}
