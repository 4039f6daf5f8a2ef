"""Who delivers which kind of parcel of the outbox."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime

from tiski import clock
from tiski.booking.announce import CALENDAR
from tiski.booking.appointments import Appointment, by_id
from tiski.booking.calendars.mirror import Mirrored, mirror
from tiski.booking.calendars.open import calendars
from tiski.booking.calendars.staff_tickets import clash_ticket
from tiski.booking.freed import FREED
from tiski.booking.links import public_url, visit_link
from tiski.business import Business
from tiski.db.session import run, session
from tiski.notify import owner
from tiski.notify.mail import NotSent, PerhapsSent, send
from tiski.notify.reach import MAIL, TEXT, other_way
from tiski.notify.settings import MailSettings, mail_settings
from tiski.notify.text_messages import Texts, open_texts
from tiski.notify.visits import VisitNews, write_mail, write_text
from tiski.outbox import store
from tiski.outbox.courier import Dropped, Handler, Parcel
from tiski.outside.errors import OutsideError, Trouble
from tiski.worker.waiting import OfferFreed

logger = logging.getLogger(__name__)

# In the content of what was refused by one way already
_IS_SECOND = "is_second_way"


class CopyToCalendar:
    """Brings the copy of an appointment to what SQL says."""

    may_repeat = True

    def __init__(self, business: Business) -> None:
        self._business = business

    async def deliver(self, parcel: Parcel) -> None:
        """Write, change or remove the copy; a ticket for staff when something else is there."""
        number, now = parcel.content["appointment"], clock.now()
        became = await mirror(number, calendars(self._business), self._business, now)
        if became is Mirrored.CLASH:
            visit = await run(by_id, number)
            if visit is None:
                raise Dropped
            if await run(self._tell_staff, visit, now):
                owner.wake()

    def _tell_staff(self, visit: Appointment, now: datetime) -> bool:
        with session() as opened:
            return clash_ticket(opened, visit, self._business, now)


class MailNews:
    """Mails a customer the news of a visit."""

    # A second one has the same Message-ID and invitation: mail programs show it once
    may_repeat = True

    def __init__(self, business: Business, settings: MailSettings | None) -> None:
        self._business = business
        self._settings = settings

    async def deliver(self, parcel: Parcel) -> None:
        """Send the mail; a server that took all of it and fell silent counts as sent.

        What is refused for good goes as a text message, if it can.
        """
        if self._settings is None:
            raise Dropped
        news = VisitNews.from_content(parcel.content)
        try:
            await asyncio.to_thread(self._send, self._settings, news)
        except OutsideError as error:
            await run(_try_other_way, parcel, MAIL, news, error)
            raise

    def _send(self, settings: MailSettings, news: VisitNews) -> None:
        if not news.email:
            raise Dropped
        sender = settings.sender or self._business.contact.email
        try:
            message = write_mail(news, self._business, sender=sender, link=_link(news))
        except ValueError:  # the customer's address is none
            raise OutsideError("mail", Trouble.REFUSED, reached=False) from None
        try:
            send(settings, message, [news.email], sender=sender)
        except PerhapsSent:
            return
        except NotSent as error:
            raise OutsideError("mail", _trouble(error), reached=False) from None


def _trouble(error: NotSent) -> Trouble:
    if error.code in (530, 534, 535):  # RFC 4954: the user name or password is not taken
        return Trouble.INVALID_CREDENTIALS
    # RFC 5321, 4.2.1: what begins with 4 is for now, with 5 for good
    is_for_now = error.code is not None and 400 <= error.code < 500
    return Trouble.CANNOT_CONNECT if error.is_down or is_for_now else Trouble.REFUSED


class TextNews:
    """Sends a customer the news of a visit as a text message."""

    # It costs money and has nothing by which a phone could know that it came twice
    may_repeat = False

    def __init__(self, business: Business, texts: Texts | None) -> None:
        self._business = business
        self._texts = texts

    async def deliver(self, parcel: Parcel) -> None:
        """Send the message; what is refused for good goes by mail, if it can."""
        news = VisitNews.from_content(parcel.content)
        if self._texts is None or not news.phone:
            raise Dropped
        text = write_text(news, self._business, link=_link(news))
        try:
            await self._texts.send(news.phone, text)
        except OutsideError as error:
            await run(_try_other_way, parcel, TEXT, news, error)
            raise


def _try_other_way(parcel: Parcel, way: str, news: VisitNews, error: OutsideError) -> None:
    """Put the same news in for the other way, if this one is refused and there is another.

    Only what surely did not arrive: a customer who is told twice wonders which of the two holds.

    Raises:
        Dropped: it goes the other way; nobody has to be told of the first.
    """
    other = other_way(way, news.email, news.phone)
    if error.trouble is not Trouble.REFUSED or other is None or _IS_SECOND in parcel.content:
        return
    with session() as opened:
        store.add(
            opened,
            other,
            {**parcel.content, _IS_SECOND: True},
            queue=f"visit-{news.id}-news",
            now=clock.now(),
            key=f"instead-of-{parcel.id}",  # once, after a crash too
            expires_at=parcel.expires_at,
        )
    logger.warning("%s %d goes the other way: %s", parcel.kind, parcel.id, error)
    raise Dropped


class Handlers:
    """All of them, for one process.

    Raises:
        SettingsError: a variable is wrong.
        MailSettingsError: a variable is wrong.
    """

    def __init__(self, business: Business) -> None:
        public_url()  # each mail has a link
        self._texts = open_texts()
        self.by_kind: Mapping[str, Handler] = {
            CALENDAR: CopyToCalendar(business),
            MAIL: MailNews(business, mail_settings()),
            TEXT: TextNews(business, self._texts),
            FREED: OfferFreed(business),
        }

    async def close(self) -> None:
        """Close the connections."""
        if self._texts is not None:
            await self._texts.close()


def _link(news: VisitNews) -> str:
    return visit_link(news.id, ends_at=news.ends_at)
