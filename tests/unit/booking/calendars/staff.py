"""What staff do in their calendar with other programs, written by hand as those write it."""

from __future__ import annotations

from urllib.parse import urljoin

import httpx

NEW_YORK = """\
BEGIN:VTIMEZONE
TZID:America/New_York
BEGIN:DAYLIGHT
DTSTART:20070311T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
TZNAME:EDT
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20071104T020000
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
TZNAME:EST
END:STANDARD
END:VTIMEZONE
"""
HELSINKI = """\
BEGIN:VTIMEZONE
TZID:Europe/Helsinki
BEGIN:DAYLIGHT
DTSTART:19960331T030000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0300
TZNAME:EEST
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T040000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0300
TZOFFSETTO:+0200
TZNAME:EET
END:STANDARD
END:VTIMEZONE
"""


def event(uid: str, lines: str) -> str:
    """An event, from its lines after the UID."""
    return f"BEGIN:VEVENT\nUID:{uid}\nDTSTAMP:20270101T000000Z\n{lines.strip()}\nEND:VEVENT\n"


def calendar_object(*parts: str) -> str:
    """A calendar object from its time zones and events."""
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Staff//EN\n{''.join(parts)}END:VCALENDAR\n"
    return text.replace("\n", "\r\n")


class Staff:
    """Somebody with another program, who owns a calendar.

    Attributes:
        url: of the calendar; ends with "/".
    """

    def __init__(self, client: httpx.Client, url: str) -> None:
        self.client, self.url = client, url

    def add(self, uid: str, lines: str, *, zone: str = "") -> None:
        """Put an event in."""
        self.put(f"{uid}.ics", calendar_object(zone, event(uid, lines)))

    def put(self, place: str, content: str) -> None:
        headers = {"Content-Type": "text/calendar; charset=utf-8"}
        answer = self.client.put(
            urljoin(self.url, place), content=content.encode(), headers=headers
        )
        answer.raise_for_status()

    def read(self, place: str) -> str:
        answer = self.client.get(urljoin(self.url, place))
        answer.raise_for_status()
        return answer.text

    def edit(self, place: str, old: str, new: str) -> None:
        """Change some words of an object."""
        content = self.read(place)
        assert old in content
        self.put(place, content.replace(old, new.replace("\n", "\r\n")))

    def delete(self, place: str) -> None:
        self.client.delete(urljoin(self.url, place)).raise_for_status()

    def objects(self) -> list[str]:
        """The addresses of all objects in the calendar."""
        answer = self.client.request("PROPFIND", self.url, headers={"Depth": "1"})
        answer.raise_for_status()
        hrefs = [part.split("</")[0] for part in answer.text.split("href>")[1:]]
        return sorted({href for href in hrefs if href.endswith(".ics")})
