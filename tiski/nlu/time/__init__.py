"""Time expressions in what customers write, for booking appointments.

    find_times("huomenna kello 15", now=now)[0].value   # "2026-11-24T15:00:00+02:00"

How it reads: `tokens.py` cuts the text, `items.py` looks the words up in the tables of
`languages/` (read by `tables.py`), `grammar.py` reduces them by the rules of `rules_lengths.py`,
`rules_days.py` and `rules_clocks.py`, `expressions.py` joins what belongs together, `wishes.py`
leaves out what is denied, `days.py` and `resolve.py` find the datetimes. To add a language, add a
folder to `languages/`; nothing else changes.

What is found by default is what somebody can meet at, kind "time". `kinds` asks for more (KINDS):

- "duration": "for two hours", the span from now that long, with `length` "2 hours".
- "recurrence": "every other Friday at 5", its first occurrence, with `every` "2 weeks".
- "vague": "soon" (the next two hours), "recently" (the last 14 days), "in the future" (the next
  14); bare periods ("the week", "viikon ennuste": the present one), bare months and ordinals ("the
  twentieth so"), "the day after", and a "now" that asks for nothing.

Conventions (the other reading is in `alternatives` where there is one):

- A weekday is the coming one. Today's weekday is today while the time said (or, without a time,
  the working day) is still ahead, and a week later otherwise.
- "ensi perjantaina", "next Friday": Friday of next week (weeks begin on Monday); the coming one is
  the alternative. "tänä perjantaina", "this Friday": the coming one.
- A date without a year is the next such date. What is said to be past ("eilen", "1.1.2020") is
  returned as said.
- Hours 1 to 11 said without am or pm: the one at which the business is open, else the one from 8
  to 19:59.
- "asap", "right now": the present minute, with grain "hour"; date and time both count as said. Next
  to another expression ("heti huomenna") it says nothing. "nyt", "heti", "now" count only where the
  message says little else, asks to come, or a time was asked for.
- "tilasin perjantaina", "I ordered on 3 March": the last such day.
- A clock time in a week ("ensi viikolla klo 15") is that hour on each of its days.
- "kolmen jälkeen" ends at midnight, "ennen kolmea" begins at midnight or now; "perjantain jälkeen"
  ends after two weeks.
- A week, month, year or weekend that has begun starts today. A part of the day that has begun
  starts now; of several days with hours ("weekdays from 9 to 11") the first that is not over.
- "the last two hours", "seuraavat kolme päivää": up to now, or from now on. "later today", "the
  rest of the day": from now to midnight. "from last month" is that month; "eilisestä lähtien"
  reaches to the end of today.
- "joulun alla": the seven days before. "after sunset" is taken for the evening.
- A span that begins late and would end before it begins ends the next day ("klo 22 ja 6 välillä").
- What is denied ("ei torstaina", "torstai ei käy") is left out; a correction keeps what it does
  not change ("torstaina kolmelta, eiku perjantaina").
- What does not exist ("31.2.", "klo 25") is no time; `find_impossible` lists it.
"""

from .find import KINDS, find_impossible, find_times, supported_languages
from .span import TimeSpan

__all__ = ["KINDS", "TimeSpan", "find_impossible", "find_times", "supported_languages"]
