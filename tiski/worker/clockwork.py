"""What is done again and again, each at its own pace and none in the way of another."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from sqlalchemy.exc import SQLAlchemyError

from tiski import clock
from tiski.booking.calendars.follow import follow
from tiski.booking.calendars.open import calendars, close_calendars
from tiski.booking.calendars.settings import calendar_settings
from tiski.booking.shared import claim_missing
from tiski.business import Business
from tiski.db.session import run
from tiski.notify import owner
from tiski.outbox.courier import Courier
from tiski.worker.first_copies import copy_all
from tiski.worker.handlers import Handlers
from tiski.worker.reminders import remind
from tiski.worker.waiting import pass_on_expired

logger = logging.getLogger(__name__)

OUTBOX_SECONDS = 0.5
ROUNDS_SECONDS = 2.0
# After a failure, say of the database
FAILED_SECONDS = 3.0


class Clockwork:
    """Everything that goes on by itself.

    Args:
        business: the page of the business, read at the start.

    Raises:
        SettingsError: a variable is wrong.
    """

    def __init__(self, business: Business) -> None:
        self._business = business
        self._settings = calendar_settings(business)
        self._stopped = asyncio.Event()
        self._are_copied = False  # what was booked before there were calendars

    def stop(self) -> None:
        """Have `run` end when what is being done is done."""
        self._stopped.set()

    async def run(self) -> None:
        """Go on until `stop`."""
        handlers = Handlers(self._business)
        await self._claim_missing()
        owner.start()  # of the tickets that are opened here, too, the owner is told at once
        courier = Courier(handlers.by_kind)
        beats = [
            self._beat("outbox", OUTBOX_SECONDS, courier.round),
            self._beat("reminders", ROUNDS_SECONDS, self._remind),
            self._beat("waiting list", ROUNDS_SECONDS, self._waiting_list),
        ]
        if self._settings:
            beats.append(self._beat("calendars", self._settings.sync_seconds, self._follow))
        try:
            await asyncio.gather(*beats)
        finally:
            await asyncio.to_thread(owner.stop)
            await handlers.close()
            await close_calendars()

    async def _beat(self, name: str, seconds: float, work: Callable[[], Awaitable[object]]) -> None:
        """Do the work now and again after each pause; a failure is logged once, and it goes on."""
        failing: str | None = None
        while not self._stopped.is_set():
            try:
                await work()
                failing = None
            except Exception as error:  # its text may repeat what a customer wrote
                if failing != type(error).__name__:
                    failing = type(error).__name__
                    logger.error("%s: %s", name, failing)
            pause = max(seconds, FAILED_SECONDS) if failing else seconds
            try:
                await asyncio.wait_for(self._stopped.wait(), pause)
            except asyncio.TimeoutError:
                continue

    async def _claim_missing(self) -> None:
        """Visits that were booked before business.yml said what they take have it from now on."""
        try:
            lacking = await run(claim_missing, self._business, clock.now())
        except SQLAlchemyError as error:  # its text may repeat what a customer wrote
            logger.error("What visits take could not be claimed: %s", type(error).__name__)
            return
        if lacking:
            logger.warning(
                "%d visits that were booked before take more of a resource of business.yml than"
                " there is; they stay as they are",
                lacking,
            )

    async def _follow(self) -> None:
        now = clock.now()
        if not self._are_copied:
            await copy_all(self._business, now)
            self._are_copied = True
        look = await follow(calendars(self._business), self._business, now)
        for staff_id, error in look.failed.items():
            logger.warning("The calendar of %s could not be read: %s", staff_id, error)
        if any(change.has_ticket for change in look.changes):
            owner.wake()

    async def _remind(self) -> None:
        await remind(self._business, clock.now())

    async def _waiting_list(self) -> None:
        await pass_on_expired(clock.now())
