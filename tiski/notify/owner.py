"""Tells the owner by mail of each ticket and each lead, behind the customer's back.

`wake` is called when something was stored; it returns at once. One thread then looks for what has
not been mailed yet, so a mail that failed is tried again with the next ticket, at the start, and
by itself after a minute, two, four, and so on up to an hour.

A row is marked (`mailed_at`) before its mail is sent, and the mark is taken back when the server
surely does not have the mail. So the owner never gets one twice, not even from two processes or
after a crash; in a crash at the wrong second a mail is lost, and the staff's page still has all.
"""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError

from tiski import clock
from tiski.business import Business, load_business
from tiski.db import tables
from tiski.db.session import reading, session
from tiski.notify.mail import NotSent, PerhapsSent, send
from tiski.notify.settings import MailSettings, mail_settings
from tiski.notify.texts import News, write

logger = logging.getLogger(__name__)

# What is older is not news: it would come as a surprise after a week without mail.
TRIED_FOR = timedelta(days=1)
# The first pause before another try; each one after it is twice as long
FIRST_PAUSE_SECONDS = 60.0
_LONGEST_PAUSE_SECONDS = 3600.0


class OwnerMail:
    """The mails of one process; made once, when the action server starts."""

    def __init__(self, settings: MailSettings, business: Business) -> None:
        self._settings = settings
        self._business = business
        self._sender = settings.sender or business.contact.email
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")
        self._lock = threading.Lock()
        self._is_waiting = False  # a round is queued that has not begun
        self._is_closing = threading.Event()
        self._again: threading.Timer | None = None  # runs while something is left to be mailed
        self._pause = FIRST_PAUSE_SECONDS

    def wake(self) -> None:
        """Have everything mailed that was not; returns at once."""
        with self._lock:
            if self._is_waiting:
                return
            self._is_waiting = True
        try:
            self._thread.submit(self._round)
        except RuntimeError:  # the process is ending
            logger.warning("The desk is closing; the next start mails what is left")

    def close(self) -> None:
        """Wait for the mail that is being sent; begin no other."""
        self._is_closing.set()
        with self._lock:
            if self._again:
                self._again.cancel()
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _round(self) -> None:
        with self._lock:
            self._is_waiting = False
        is_left = True
        try:
            is_left = self._mail_all()
        except SQLAlchemyError as error:  # its text may repeat what the customer wrote
            logger.error("What is to be mailed cannot be looked up: %s", type(error).__name__)
        except Exception as error:  # the thread must go on
            logger.error("Mailing failed: %s", type(error).__name__)
        self._try_again(is_left)

    def _try_again(self, is_left: bool) -> None:
        """Have another look later where something is left, and none where nothing is."""
        with self._lock:
            if self._again:
                self._again.cancel()
            if not is_left:
                self._pause = FIRST_PAUSE_SECONDS
            elif not self._is_closing.is_set():
                self._again = threading.Timer(self._pause, self.wake)
                self._again.daemon = True  # the next start mails what is left
                self._again.start()
                self._pause = min(2 * self._pause, _LONGEST_PAUSE_SECONDS)

    def _mail_all(self) -> bool:
        """Mail what was not; True when something is left that could not be."""
        oldest = clock.now() - TRIED_FOR
        of_whom = (
            (tables.Ticket, self._business.mail_of_tickets),
            (tables.Lead, self._business.mail_of_leads),
        )
        told = [(table, recipients) for table, recipients in of_whom if recipients]
        for table, recipients in told:
            for row_id in _not_mailed(table, oldest):
                if self._is_closing.is_set() or not self._mail(table, row_id, recipients):
                    return True
        return any(_not_mailed(table, oldest) for table, _ in told)

    def _mail(self, table: Any, row_id: int, recipients: list[str]) -> bool:
        """Mail one row; False when the server is of no use at the moment."""
        row = _claim(table, row_id, clock.now())
        if row is None:  # another process has it
            return True
        news = _news(row)
        try:
            message = write(
                news,
                self._business,
                sender=self._sender,
                recipients=recipients,
                staff_page=self._settings.staff_page,
            )
            refused = send(self._settings, message, recipients, sender=self._sender)
        except PerhapsSent as error:
            logger.warning("%s was handed over, but the server fell silent: %s", news.code, error)
        except NotSent as error:
            _release(table, row_id)
            logger.warning("%s could not be mailed, to be tried again: %s", news.code, error)
            return not error.is_down
        except Exception:
            _release(table, row_id)
            raise
        else:
            if refused:
                logger.warning("%s: the server refused %d of the addresses", news.code, refused)
        return True


def _not_mailed(table: Any, oldest: datetime) -> list[int]:
    with reading() as db:
        return list(
            db.scalars(
                select(table.id)
                .where(table.mailed_at.is_(None), table.created_at > oldest)
                .order_by(table.id)
            )
        )


def _claim(table: Any, row_id: int, now: datetime) -> Any | None:
    """Mark a row as mailed and return it; None when somebody else has."""
    with session() as db:
        done = db.execute(
            update(table)
            .where(table.id == row_id, table.mailed_at.is_(None))
            .values(mailed_at=now)
            .execution_options(synchronize_session=False)
        )
        return db.get(table, row_id) if done.rowcount else None


def _release(table: Any, row_id: int) -> None:
    with session() as db:
        db.execute(
            update(table)
            .where(table.id == row_id)
            .values(mailed_at=None)
            .execution_options(synchronize_session=False)
        )


def _news(row: Any) -> News:
    news = News(
        code=row.code,
        kind=row.kind,
        need=row.need,
        created_at=row.created_at,
        answer_by=row.answer_by,
        name=row.contact_name,
        email=row.contact_email,
        phone=row.contact_phone,
    )
    if isinstance(row, tables.Ticket):
        return replace(news, reference=row.reference)
    return replace(
        news,
        kind=f"lead_{row.kind}",
        when=row.when_wanted,
        budget_cents=row.budget_cents,
        is_qualified=row.is_qualified,
    )


_mail: OwnerMail | None = None


def start() -> None:
    """Begin to mail in this process, with what an earlier one left; off without MAIL_URL.

    Raises:
        MailSettingsError: a variable is wrong.
        BusinessError: business.yml is wrong.
    """
    global _mail
    settings = mail_settings()
    if settings is None or _mail is not None:
        return
    _mail = OwnerMail(settings, load_business())
    _mail.wake()


def stop() -> None:
    """Wait for the mail that is being sent, and mail no more in this process."""
    global _mail
    if _mail is not None:
        _mail.close()
        _mail = None


def wake() -> None:
    """Something was stored that the owner is told of. Does nothing where mail is not started."""
    if _mail is not None:
        _mail.wake()
