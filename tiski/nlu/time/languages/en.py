"""English: the words for times. Finland's English: dates are written day first."""

from __future__ import annotations

import re

from ..lexicon import Language
from ..meanings import Clock, DayRange, Holiday, Part, RelativeDay, Week
from ._build import Phrases, split

_TODAY = RelativeDay(0)

# hours of the parts of the day
EARLY = Part(8, 10, "am")
MORNING = Part(8, 12, "am")
MIDDAY = Part(11, 14, "pm")
LUNCH = Part(11, 13)
AFTERNOON = Part(12, 17, "pm")
EVENING = Part(16, 20, "pm")
NIGHT = Part(20, 24, "night")

_PARTS: dict[Part, str] = {
    MORNING: "morning, in the morning, mornin, in morning, the morning, before noon, before lunch",
    EARLY: "early morning, early in the morning, first thing in the morning",
    MIDDAY: "midday, around noon, mid-day, middle of the day, around midday, daytime, during the day",
    LUNCH: "lunchtime, lunch time, at lunch, over lunch, lunch hour, lunch break, around lunch",
    AFTERNOON: "afternoon, in the afternoon, after noon, afternon, in afternoon, the afternoon, after lunch, aft",
    EVENING: """evening, in the evening, early evening, after work, after school, the evening,
        in evening, eve, after hours, evenin""",
    NIGHT: "night, at night, in the night, late evening",
}

_RELATIVE_DAYS = {
    0: "today, todays, today's, 2day",
    1: "tomorrow, tomorow, tommorow, tommorrow, tmrw, tmr, tomorrow's, tomorrows, tmrrw, tomoro, 2moro",
    2: "the day after tomorrow, day after tomorrow, overmorrow",
    -1: "yesterday, yesterday's, yesterdays",
    -2: "the day before yesterday, day before yesterday",
}

_WEEKDAYS = (
    "monday, monday's",
    "tuesday, tues, tue, tuesday's, teusday, tusday, tues., tue.",
    "wednesday, weds, wednesday's, wendesday, wednsday, wensday, wed.",
    "thursday, thur, thurs, thu, thursday's, thrusday, thurday, thurs., thu.",
    "friday, fri, friday's, firday, fri.",
    "saturday, saturday's, satuday, saterday, sat.",
    "sunday, sunday's",
)
_SHORT = {0: "mon, mon.", 2: "wed"}
_DOUBTFUL = {5: "sat", 6: "sun, sun."}
_MONTHS = (
    "january, jan, jan.",
    "february, feb, feb., febuary",
    "march, mar, mar.",
    "april, apr, apr.",
    "may",
    "june, jun, jun.",
    "july, jul, jul.",
    "august, aug, aug.",
    "september, sep, sept, sep., sept.",
    "october, oct, oct.",
    "november, nov, nov.",
    "december, dec, dec.",
)

_HOLIDAYS = {
    "christmas_eve": "christmas eve, xmas eve",
    "christmas_day": "christmas day, christmas, xmas, xmas day",
    "boxing_day": "boxing day, st stephen's day",
    "new_years_eve": "new year's eve, new years eve, nye, new year eve",
    "new_year": "new year's day, new years day, new year's, new year",
    "epiphany": "epiphany",
    "valentine": "valentine's day, valentines day, valentine's, valentines",
    "good_friday": "good friday",
    "easter": "easter, easter sunday",
    "easter_monday": "easter monday",
    "may_eve": "walpurgis night, may day eve, vappu eve",
    "may_day": "may day, vappu, first of may",
    "midsummer_eve": "midsummer eve, midsummer's eve",
    "midsummer": "midsummer, midsummer day",
    "independence_day": "independence day",
}

_ONES = split("one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve")
_TEENS = split("thirteen, fourteen, fifteen, sixteen, seventeen, eighteen, nineteen")
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
_ORDINALS = split(
    """first, second, third, fourth, fifth, sixth, seventh, eighth, ninth, tenth, eleventh, twelfth,
    thirteenth, fourteenth, fifteenth, sixteenth, seventeenth, eighteenth, nineteenth, twentieth"""
)

_UNITS = {
    (1, "minutes"): "minute, min",
    (60, "minutes"): "hour, h, hr",
    (30, "minutes"): "half an hour, half hour",
    (90, "minutes"): "an hour and a half, hour and a half, one and a half hours",
    (1, "days"): "day",
    (14, "days"): "fortnight",
    (1, "years"): "year",
}

_PLURALS = {
    (1, "minutes"): "minutes, mins",
    (60, "minutes"): "hours, hrs",
    (1, "days"): "days",
    (1, "weeks"): "weeks",
    (14, "days"): "fortnights",
    (1, "months"): "months",
    (1, "years"): "years",
}
_HAPPENED = "ordered, placed, bought, paid, purchased, visited, received, picked up"
_WISHES = "good, nice, great, happy, merry, lovely, wonderful, pleasant"

_WORDS = {
    "at": "at, @, at about, at around, at approximately, at exactly",
    "oclock": "o'clock, oclock, o clock, sharp, on the dot, ish, -ish",
    "half_after": "half, half-",
    "quarter": "quarter, a quarter",
    "past": "past",
    "about_pre": "about, around, approximately, roughly, circa, approx, ca, ca.",
    "about_post": "or so, or thereabouts",
    "after_pre": "after, later than, any time after, anytime after, not before",
    "before_pre": "before, earlier than, any time before, anytime before",
    "until_pre": "by, until, no later than, not later than, not after",
    "until_post": "at the latest, latest",
    "from_pre": """from, starting, starting from, starting at, as of, since, no earlier than,
        not earlier than""",
    "from_post": """onwards, onward, or later, and later, at the earliest, earliest, and after,
        or after""",
    "between_pre": "between, btw, in between, somewhere between",
    "and": "and, &, n",
    "or": "or, /",
    "to": "to, till, til, thru, through",
    "now": """right now, asap, as soon as possible, as soon as you can, the soonest possible,
        a.s.a.p.""",
    "this": "this, the coming, this coming, coming, the upcoming, upcoming",
    "next": "next, the next, the following, following, nxt",
    "last": "last, the last, previous, the previous",
    "week_of": "wk, week number, week no, week no.",
    "weekend": "weekend, the weekend, wknd",
    "month_unit": "month, month's",
    "the": "the",
    "of": "of",
    "in_pre": "in, within",
    "in_post": "from now, from today",
    "ago": "ago, back",
    "start_of": """early, start of, the start of, beginning of, the beginning of, at the beginning of""",
    "middle_of": "mid, middle of, the middle of, in the middle of",
    "end_of": "late, end of, the end of, at the end of, towards the end of",
    "filler": """booking, either, but, on, for, then, say, is, please, okay, sometime, some time,
        maybe, like, any time, anytime, preferably, possibly, perhaps, just, exactly, only,
        somewhere, appointment, time, slot, during, later, there""",
    "not_pre": """not, not on, not the, except, except on, any day but, any day except, anything but,
        other than, no to, rather not, besides, don't want, do not want, never""",
    "not_post": """doesn't work, does not work, doesnt work, isn't good, is not good, won't work,
        wont work, is no good, doesn't suit, does not suit, isn't possible,
        is not possible, is out, is impossible, won't do, is bad, no longer works,
        does not suit me""",
    "cannot": """can't make, cannot make, can't do, can't come, cannot come, cant make, cant do,
        cant come, unable to come, can't make it, cannot make it, cant make it,
        won't make it""",
    "instead_pre": "instead of, rather than, in place of, than",
    "correct": """->, =>, →, i mean, i meant, actually, no wait, wait no, sorry, rather, no,
        correction, make that, make it, wait, or rather, no sorry, oops, no actually""",
    "move": """move, reschedule, change, shift, switch, moved, moving, rescheduled, changing,
        push, postpone, swap""",
    "answer": """how about, what about, could we do, thanks, thank you, ok, yes, sure, works, fine,
        i, i'll, take, would, be, that, let's, it, suits, me, perfect, best, with, is fine,
        do, go""",
}
_AM = "am, a.m., a.m, a m"
_PM = "pm, p.m., p.m, p m"
_HABITS = """mondays, tuesdays, wednesdays, thursdays, fridays, saturdays, sundays, weekends, weekdays,
    mornings, afternoons, evenings, every monday, every tuesday, every wednesday, every thursday,
    every friday, every saturday, every sunday, every day, every week,
    the evening before, the day before, the night before, day before, night before"""


def _phrases() -> Phrases:
    phrases = Phrases()
    _add_numbers(phrases)
    phrases.add_tags(_WORDS)
    for unit, words in _UNITS.items():
        phrases.add("unit", words, unit)
    for unit, words in _PLURALS.items():
        phrases.add("units", words, unit)
    phrases.add("wish", _WISHES)
    phrases.add("now_doubtful", "now, immediately, right away, straight away, at once")
    phrases.add(
        "greeting",
        "happy friday, happy monday, morning all, evening all, afternoon all, black friday",
    )
    phrases.add("happened", _HAPPENED)
    phrases.add("week", "week", "after")
    phrases.add("week", "week's")
    phrases.add("month_unit", "month, month's")
    phrases.add("ampm", _AM, "am")
    phrases.add("ampm", _PM, "pm")
    phrases.add("habit", _HABITS)
    phrases.add("a", "a, an", 1)
    phrases.add("couple", "a couple of, couple of, a couple, couple", 2)
    phrases.add("couple", "a few, few", 3)
    phrases.add("quarter", "quarter, a quarter")
    phrases.add("ordinal_suffix", "st, nd, rd, th")
    phrases.add("clock", "noon, at noon, 12 noon, twelve noon, noontime", Clock(12, 0, True))
    phrases.add("clock", "midnight, at midnight", Clock(24, 0, True))
    for part, words in _PARTS.items():
        phrases.add("part", words, part)
    for offset, words in _RELATIVE_DAYS.items():
        phrases.add("day", words, RelativeDay(offset))
    for name, words in _HOLIDAYS.items():
        phrases.add("day", words, Holiday(name))
    for number, words in enumerate(_WEEKDAYS):
        phrases.add("weekday", words, number)
    for number, words in _SHORT.items():
        phrases.add("weekday_short", words, number)
    for number, words in _DOUBTFUL.items():
        phrases.add("weekday_doubtful", words, number)
    for number, words in enumerate(_MONTHS, 1):
        phrases.add("month", words, number)
    _add_weeks(phrases)
    phrases.add_pair("tonight, tonite", ("day", _TODAY), ("part", EVENING))
    phrases.add_pair("last night", ("day", RelativeDay(-1)), ("part", NIGHT))
    return phrases


def _add_numbers(phrases: Phrases) -> None:
    for number, word in enumerate(_ONES + _TEENS, 1):
        phrases.add("number", word, number)
    for number, word in enumerate(_ORDINALS, 1):
        phrases.add("ordinal", word, number)
    for word, tens in _TENS.items():
        phrases.add("number", word, tens)
        for number, one in enumerate(_ONES[:9], 1):
            phrases.add("number", f"{word} {one}, {word}-{one}", tens + number)
    for number, word in enumerate(_ORDINALS[:9], 1):
        phrases.add("ordinal", f"twenty {word}, twenty-{word}", 20 + number)
    phrases.add("ordinal", "thirtieth", 30)
    phrases.add("ordinal", "thirty first, thirty-first", 31)


def _add_weeks(phrases: Phrases) -> None:
    phrases.add("day", "the week after next, week after next", Week(2))
    phrases.add("day", "the week after, week after", Week(2))
    phrases.add_pair("or the day after", ("or", None), ("day", RelativeDay(2)))
    phrases.add("day", "later this week, end of the week, later in the week", Week(0, part="end"))
    phrases.add("day", "on a weekday, on weekdays", Week(0, part="workdays"))
    phrases.add("day", "in the next few days, in the coming days", DayRange(_TODAY, RelativeDay(4)))
    phrases.add("day", "within a week, within the week", DayRange(_TODAY, RelativeDay(7)))
    phrases.add("day", "within two weeks", DayRange(_TODAY, RelativeDay(14)))


_PHRASES = _phrases()

LANGUAGE = Language(
    code="en",
    phrases=_PHRASES,
    hints=frozenset(
        split(
            """the, i, my, is, a, an, for, can, could, at, me, you, do, what, and, it, have, want,
            would, like, please, appointment, book, booking, move, change, cancel, not, hi, hello,
            it's, i'd, i'm, i'll, free, there, are, any, be, or, of, with, we, this, next, from, but,
            thanks, haircut, when, how, that, will, your, get, see, come, available, does, works,
            pm, am, in, by, before, after, between, until"""
        )
    ),
    stems={"move": ("resched", "postpon")},
    greetings=frozenset({"morning", "mornin", "afternoon", "evening"}),
    now_beside=tuple(
        split("come, coming, free, available, squeeze, fit, walk, appointment, slot, open, closed")
    ),
    corrected=frozenset(
        {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
        | {"tomorrow", "afternoon", "evening", "november", "december", "january", "february"}
    ),
    counted=re.compile(
        r"[^s]s$|^(?:people|children|kids|person|persons|pcs|x|kg|ml|g|l|cm|mm|times)$"
    ),
    not_counted=frozenset(
        split("is, was, as, this, yes, pls, thanks, plz, works, suits, has, its, does")
    ),
    labels=frozenset(
        split(
            """order, orders, price, cost, costs, charged, paid, number, nr, code, room, apartment,
            apt, flat, size, step, option, page, id, version"""
        )
    ),
    never_after=frozenset(
        split(
            "i, we, he, she, they, you, the, who, it, had, just, have, 've, a, that, what, by, not, for, and, but, up"
        )
    ),
    never_corrected=frozenset({"frida", "fridan", "fridaa", "fridalle", "fridas", "frida's"}),
    month_first=True,
)
