"""What one way refuses for good goes the other way, once, where the customer gave both."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from mail_server import Mailbox, serving
from salon import NOW, at, opening
from sqlalchemy import select
from twilio_server import ACCOUNT, SENDER, TOKEN, FakeTwilio, answering

from tiski import clock
from tiski.booking.appointments import Appointment, reschedule
from tiski.business import Business
from tiski.db.session import reading
from tiski.db.tables import Delivery
from tiski.notify.reach import MAIL, TEXT, other_way
from tiski.notify.settings import MailSettings, Security
from tiski.notify.text_messages import TextSettings, Twilio
from tiski.outbox.courier import Courier
from tiski.worker.handlers import MailNews, TextNews
from tiski.worker.reminders import remind

Booked = Callable[..., Appointment]
VISIT = "2026-11-26 10:00"
DUE = at("2026-11-25 10:00")


@pytest.fixture(autouse=True)
def both_ways(settings: pytest.MonkeyPatch) -> None:
    settings.setenv("TWILIO_ACCOUNT_SID", ACCOUNT)


@pytest.fixture
def fake() -> Iterator[FakeTwilio]:
    with answering() as server:
        yield server


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
async def courier(salon: Business, fake: FakeTwilio, mailbox: Mailbox) -> Any:
    texts = Twilio(TextSettings(ACCOUNT, TOKEN, SENDER, fake.address))
    with serving(mailbox) as port:
        mail = MailSettings("127.0.0.1", port, Security.NONE, sender="desk@salon.example")
        yield Courier({MAIL: MailNews(salon, mail), TEXT: TextNews(salon, texts)})
    await texts.close()


def news() -> list[tuple[str, str, str, str | None]]:
    """All news there are: kind, what, status, trouble."""
    with reading() as opened:
        rows = opened.scalars(select(Delivery).order_by(Delivery.id)).all()
        return [(row.kind, row.content["what"], row.status, row.trouble) for row in rows]


async def test_a_confirmation_that_is_refused_as_mail_goes_as_text(
    courier: Courier, booked: Booked, fake: FakeTwilio, mailbox: Mailbox
) -> None:
    booked("haircut", "aino", VISIT)
    mailbox.data_answer = "554 no such mailbox"
    await courier.round()
    assert news() == [(MAIL, "booked", "dropped", None), (TEXT, "booked", "done", None)]
    [form] = fake.taken
    assert "Thu 26 Nov 10:00" in form["Body"][0]
    mailbox.data_answer = "250 OK"
    clock.fix(NOW + timedelta(hours=1))
    assert await courier.round() == 0
    assert (len(fake.taken), len(mailbox.mails)) == (1, 0)


async def test_a_reminder_that_is_refused_as_text_goes_as_mail(
    courier: Courier, salon: Business, booked: Booked, fake: FakeTwilio, mailbox: Mailbox
) -> None:
    booked("haircut", "aino", VISIT)
    await courier.round()
    fake.fails(400, 21610)
    clock.fix(DUE)
    assert await remind(salon, DUE) == 1
    await courier.round()
    assert news()[1:] == [(TEXT, "reminder", "dropped", None), (MAIL, "reminder", "done", None)]
    assert len(fake.came) == 1 and fake.taken == []
    assert ["reminder" in text for text in mailbox.texts] == [False, True]
    for hour in range(1, 4):
        clock.fix(DUE + timedelta(hours=hour))
        assert await remind(salon, clock.now()) == 0
        assert await courier.round() == 0


async def test_refused_by_both_it_is_for_staff_and_tried_no_more(
    courier: Courier, booked: Booked, fake: FakeTwilio, mailbox: Mailbox
) -> None:
    booked("haircut", "aino", VISIT)
    mailbox.data_answer = "554 no such mailbox"
    fake.fails(400, 21211)
    await asyncio.wait_for(courier.round(), 20)  # else it may go back and forth for ever
    assert news() == [(MAIL, "booked", "dropped", None), (TEXT, "booked", "failed", "refused")]
    clock.fix(NOW + timedelta(hours=1))
    assert await courier.round() == 0
    assert len(fake.came) == 1


@pytest.mark.parametrize(
    ("status", "code", "became"),
    [
        (500, 20500, "failed"),  # perhaps sent
        (503, 20503, "failed"),  # perhaps sent
        (429, 20429, "waiting"),
        (401, 20003, "waiting"),
    ],
)
async def test_what_may_arrive_yet_or_has_perhaps_goes_one_way_only(
    courier: Courier, salon: Business, booked: Booked, fake: FakeTwilio, mailbox: Mailbox,
    status: int, code: int, became: str,
) -> None:  # fmt: skip
    booked("haircut", "aino", VISIT)
    await courier.round()
    fake.fails(status, code)
    clock.fix(DUE)
    await remind(salon, DUE)
    await courier.round()
    assert [(kind, state) for kind, _, state, _ in news()[1:]] == [(TEXT, became)]
    assert len(mailbox.mails) == 1, "the confirmation"


async def test_a_mail_server_that_is_busy_is_waited_for(
    courier: Courier, booked: Booked, fake: FakeTwilio, mailbox: Mailbox
) -> None:
    booked("haircut", "aino", VISIT)
    mailbox.data_answer = "451 later"
    await courier.round()
    assert news() == [(MAIL, "booked", "waiting", "cannot_connect")] and fake.came == []


async def test_who_gave_one_way_has_no_other(
    courier: Courier, booked: Booked, fake: FakeTwilio, mailbox: Mailbox
) -> None:
    booked("haircut", "aino", VISIT, phone=None)
    booked("haircut", "mikko", VISIT, email=None)
    mailbox.data_answer = "554 no such mailbox"
    fake.fails(400, 21211)
    await courier.round()
    assert [(kind, state) for kind, _, state, _ in news()] == [(MAIL, "failed"), (TEXT, "failed")]


async def test_what_comes_after_it_comes_behind_it(
    courier: Courier, booked: Booked, salon: Business, fake: FakeTwilio, mailbox: Mailbox
) -> None:
    """A mail address that is none refuses all: the news stay in their order on the other way."""
    visit = booked("haircut", "aino", VISIT)
    reschedule(salon, visit.code, opening(salon, "haircut", "aino", "2026-11-27 10:00"), now=NOW)
    mailbox.data_answer = "554 no such mailbox"
    await courier.round()
    assert ["new time" in form["Body"][0] for form in fake.taken] == [False, True]


@pytest.mark.parametrize(
    ("way", "email", "phone", "other"),
    [
        (MAIL, "m@posti.example", "+358455550101", TEXT),
        (TEXT, "m@posti.example", "+358455550101", MAIL),
        (MAIL, "m@posti.example", None, None),
        (TEXT, None, "+358455550101", None),
    ],
)
def test_which_way_is_the_other(
    way: str, email: str | None, phone: str | None, other: str | None
) -> None:
    assert other_way(way, email, phone) == other


def test_a_way_that_is_not_set_up_is_none(settings: pytest.MonkeyPatch) -> None:
    settings.delenv("TWILIO_ACCOUNT_SID")
    assert other_way(MAIL, "m@posti.example", "+358455550101") is None
