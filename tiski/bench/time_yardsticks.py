"""Other readers of time expressions, run in an environment of their own.

Not part of the desk: this file is run by the Python of an environment that `time_expressions.py`
makes for one reader, and imports nothing of the project. It reads lines of JSON, `{"text": ...}`,
and answers each with the pieces that the reader finds and the milliseconds of CPU time it took.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

Find = Callable[[str], "list[tuple[int, int]]"]


def dateparser_reader(language: str, now: str) -> Find:
    """`dateparser.search.search_dates`, which tells the text of each piece but not its place."""
    from dateparser.search import search_dates  # type: ignore[import-not-found,unused-ignore]

    base = datetime.fromisoformat(now).replace(tzinfo=None)
    settings: dict[str, Any] = {"RELATIVE_BASE": base, "PREFER_DATES_FROM": "future"}

    def find(text: str) -> list[tuple[int, int]]:
        places, at = [], 0
        for piece, _ in search_dates(text, languages=[language], settings=settings) or []:
            start = text.find(piece, at)
            if start >= 0:
                at = start + len(piece)
                places.append((start, at))
        return places

    return find


def duckling_reader(language: str, now: str) -> Find:
    """Duckling itself (Haskell, linked into a wheel): times and durations."""
    import duckling  # type: ignore[import-not-found,unused-ignore]

    zones = duckling.load_time_zones("/usr/share/zoneinfo")
    seconds = int(datetime.fromisoformat(now).timestamp())
    reference = duckling.parse_ref_time(zones, "Europe/Helsinki", seconds)
    spoken = duckling.parse_lang(language.upper())
    locale = duckling.parse_locale(language.upper(), duckling.default_locale_lang(spoken))
    context = duckling.Context(reference, locale)
    dimensions = duckling.parse_dimensions(["time", "duration"])

    def find(text: str) -> list[tuple[int, int]]:
        found = duckling.parse(text, context, dimensions, False)
        return [(each["start"], each["end"]) for each in found]

    return find


READERS = {"dateparser": dateparser_reader, "duckling": duckling_reader}


def main() -> None:
    """Arguments: the reader, the language and the present moment in ISO 8601."""
    reader, language, now = sys.argv[1:]
    find = READERS[reader](language, now)
    find("tomorrow")  # what it loads at its first reading is not counted
    for line in sys.stdin:
        text = json.loads(line)["text"]
        began = time.process_time()
        places = find(text)
        milliseconds = (time.process_time() - began) * 1000
        print(json.dumps({"places": places, "milliseconds": milliseconds}), flush=True)


if __name__ == "__main__":
    main()
