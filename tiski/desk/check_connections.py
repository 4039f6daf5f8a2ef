"""Tells for each system that the desk is connected to whether it can be reached, and with what rights.

Nothing is changed anywhere and nothing is sent to a customer. Exits with 1 when something needs to
be put right.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from tiski import words
from tiski.booking.calendars.protocol import Calendar
from tiski.booking.calendars.settings import calendar_settings, open_calendars
from tiski.booking.links import DEFAULT_URL, public_url
from tiski.business import Business, BusinessError, load_business
from tiski.db.session import reading, run
from tiski.notify import mail
from tiski.notify.settings import MailSettingsError, mail_settings
from tiski.notify.text_messages import open_texts
from tiski.outside.errors import OutsideError, SettingsError, Trouble
from tiski.outside.time_limit import within

_SECONDS = 10.0


@dataclass(frozen=True)
class Line:
    """What is said of one system."""

    system: str
    text: str
    is_well: bool = True


async def lines(business: Business, language: str) -> AsyncIterator[Line]:
    """Look at each system and say how it is.

    Args:
        business: for the names of its people.
        language: "fi", "en", ...
    """

    def say(key: str, **values: object) -> str:
        return words.phrase(f"words_connection_{key}", language, 0, **values)

    yield await run(_database, language)
    try:
        async for line in _calendars(business, language):
            yield line
    except SettingsError as error:
        yield Line(say("calendar", person="–"), say("settings", problem=error), is_well=False)
    yield await _mail(language)
    yield await _texts(language)
    try:
        address = public_url()
    except SettingsError as error:
        yield Line(say("link"), say("settings", problem=error), is_well=False)
    else:
        key = "link_local" if address == DEFAULT_URL else "link_ok"
        yield Line(say("link"), say(key, address=address))


def _database(language: str) -> Line:
    name = words.phrase("words_connection_database", language)
    try:
        with reading() as opened:
            opened.execute(text("SELECT count(*) FROM appointments"))
    except SQLAlchemyError:
        return Line(name, _trouble(Trouble.CANNOT_CONNECT, language), is_well=False)
    return Line(name, words.phrase("words_connection_ok", language))


async def _calendars(business: Business, language: str) -> AsyncIterator[Line]:
    settings = calendar_settings(business)
    if settings is None:
        name = words.phrase("words_connection_calendar", language, person="–")
        yield Line(name, words.phrase("words_connection_off", language))
        return
    calendars = open_calendars(settings, business)
    try:
        for staff_id, calendar in calendars.items():
            person = business.staff[staff_id].name
            name = words.phrase("words_connection_calendar", language, person=person)
            yield await _calendar(name, calendar, language)
    finally:
        for calendar in calendars.values():
            await calendar.close()


async def _calendar(name: str, calendar: Calendar, language: str) -> Line:
    try:
        rights = await within(_SECONDS, calendar.check(), system=calendar.system)
    except OutsideError as error:
        return Line(name, _trouble(error.trouble, language), is_well=False)
    may = (
        "read_write"
        if rights.may_read and rights.may_write
        else "read_only"
        if rights.may_read
        else "no_rights"
    )
    said = words.phrase(f"words_connection_{may}", language, name=rights.name)
    return Line(name, said, is_well=may == "read_write")


async def _mail(language: str) -> Line:
    name = words.phrase("words_connection_mail", language)
    try:
        settings = mail_settings()
    except MailSettingsError as error:
        return Line(
            name, words.phrase("words_connection_settings", language, problem=error), is_well=False
        )
    if settings is None:
        return Line(name, words.phrase("words_connection_off", language))
    try:
        await asyncio.to_thread(mail.check, settings)
    except mail.NotSent as error:
        is_login = error.code in (530, 534, 535)  # RFC 4954
        trouble = Trouble.INVALID_CREDENTIALS if is_login else Trouble.CANNOT_CONNECT
        return Line(name, _trouble(trouble, language), is_well=False)
    return Line(name, words.phrase("words_connection_mail_ok", language, host=settings.host))


async def _texts(language: str) -> Line:
    name = words.phrase("words_connection_texts", language)
    try:
        texts = open_texts()
    except SettingsError as error:
        return Line(
            name, words.phrase("words_connection_settings", language, problem=error), is_well=False
        )
    if texts is None:
        return Line(name, words.phrase("words_connection_off", language))
    try:
        account = await within(_SECONDS, texts.check(), system="texts")
    except OutsideError as error:
        return Line(name, _trouble(error.trouble, language), is_well=False)
    finally:
        await texts.close()
    return Line(name, words.phrase("words_connection_texts_ok", language, name=account))


def _trouble(trouble: Trouble, language: str) -> str:
    return words.phrase(f"words_trouble_{trouble.value}", language)


async def _main(language: str | None) -> int:
    business = load_business()
    language = language or business.default_language
    wrong = 0
    async for line in lines(business, language):
        print(f"{'✓' if line.is_well else '✗'} {line.system}: {line.text}", flush=True)
        wrong += not line.is_well
    key = "summary_wrong" if wrong else "summary_ok"
    print(words.phrase(f"words_connection_{key}", language, count=wrong))
    return 1 if wrong else 0


def main() -> int:
    """The command line of ./scripts/check-connections."""
    parser = argparse.ArgumentParser(prog="./scripts/check-connections", description=__doc__)
    parser.add_argument("--language", help="fi or en; by default the business's own")
    arguments = parser.parse_args()
    try:
        return asyncio.run(_main(arguments.language))
    except (BusinessError, words.WordsError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
