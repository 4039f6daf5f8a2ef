"""tiski/worker/handlers.py: parcels go to real servers on this machine, and come back from bad ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from mail_server import PASSWORD, USER, Mailbox, accepts, serving
from memory import MemoryCalendar
from salon import NOW, at
from sqlalchemy import select, update
from twilio_server import ACCOUNT, SENDER, TOKEN, FakeTwilio, answering

from tiski import clock
from tiski.booking.announce import copy_to_calendar
from tiski.booking.appointments import Appointment
from tiski.booking.links import token_for
from tiski.business import Business
from tiski.db.session import reading, session
from tiski.db.tables import Appointment as Row
from tiski.db.tables import Delivery, Ticket
from tiski.desk.group import free_port
from tiski.notify.settings import MailSettings, Security, mail_settings
from tiski.notify.text_messages import TextSettings, Twilio
from tiski.outbox.courier import GIVE_UP, Courier
from tiski.outside.errors import SettingsError, Trouble
from tiski.worker import handlers
from tiski.worker.handlers import CopyToCalendar, Handlers, MailNews, TextNews

Booked = Callable[..., Appointment]


def at_port(port: int, **changes: Any) -> MailSettings:
    return MailSettings("127.0.0.1", port, Security.NONE, sender="desk@salon.example", **changes)


async def deliver(kind: str, handler: Any) -> Delivery:
    """Deliver what is due of a kind, and return the first of its parcels."""
    await Courier({kind: handler}).round()
    return parcel(kind)


def parcel(kind: str) -> Delivery:
    with reading() as opened:
        return opened.scalars(select(Delivery).filter_by(kind=kind).order_by(Delivery.id)).first()


# --- mail


@pytest.fixture
def news(booked: Booked) -> Appointment:
    """A visit was booked: a mail waits."""
    return booked("haircut", "aino", "2026-11-24 10:00")


async def test_a_mail_arrives_with_its_link(salon: Business, news: Appointment) -> None:
    mailbox = Mailbox()
    with serving(mailbox) as port:
        row = await deliver("visit_mail", MailNews(salon, at_port(port)))
    assert row.status == "done"
    [mail] = mailbox.mails
    assert (mail["From"], mail["To"]) == ("Text <desk@salon.example>", "maija@example.com")
    token = token_for(news.id, ends_at=news.ends_at)
    assert f"http://localhost:5005/desk/visit/{token}" in mailbox.texts[0]


@pytest.mark.parametrize(
    ("answer", "status", "trouble"),
    [
        ("451 try later", "waiting", "cannot_connect"),
        ("554 no", "failed", "refused"),
    ],
)
async def test_4_is_for_now_and_5_for_good(
    salon: Business, news: Appointment, answer: str, status: str, trouble: str
) -> None:
    mailbox = Mailbox(data_answer=answer)
    with serving(mailbox) as port:
        row = await deliver("visit_mail", MailNews(salon, at_port(port)))
        assert (row.status, row.trouble) == (status, trouble)
        mailbox.data_answer = "250 OK"
        clock.fix(NOW + timedelta(minutes=1))
        row = await deliver("visit_mail", MailNews(salon, at_port(port)))
    assert len(mailbox.mails) == (status == "waiting")


async def test_an_address_that_is_refused_is_not_tried_again(
    salon: Business, news: Appointment
) -> None:
    with serving(Mailbox(refused=("maija@example.com",))) as port:
        row = await deliver("visit_mail", MailNews(salon, at_port(port)))
    assert (row.status, row.trouble) == ("failed", "refused")


async def test_an_address_that_is_none_is_refused_before_it_is_sent(
    salon: Business, news: Appointment
) -> None:
    with session() as opened:
        content = {**opened.scalars(select(Delivery.content)).one(), "email": "not an address"}
        opened.execute(update(Delivery).values(content=content))
    row = await deliver("visit_mail", MailNews(salon, at_port(free_port())))
    assert (row.status, row.trouble) == ("failed", "refused")


@pytest.mark.parametrize("password", ["wrong", "väärä"])
async def test_a_wrong_password_waits_for_the_owner(
    salon: Business, news: Appointment, password: str
) -> None:
    options: dict[str, Any] = {"authenticator": accepts, "auth_require_tls": False}
    mailbox = Mailbox()
    with serving(mailbox, auth_required=True, **options) as port:
        wrong = MailNews(salon, at_port(port, user=USER, password=password))
        row = await deliver("visit_mail", wrong)
        assert (row.status, row.trouble) == ("waiting", "invalid_credentials")
        clock.fix(row.not_before)
        right = MailNews(salon, at_port(port, user=USER, password=PASSWORD))
        assert (await deliver("visit_mail", right)).status == "done"
    assert len(mailbox.mails) == 1


async def test_a_server_that_is_down_is_waited_for_a_day(
    salon: Business, news: Appointment
) -> None:
    handler = MailNews(salon, at_port(free_port()))
    assert (await deliver("visit_mail", handler)).status == "waiting"
    clock.fix(NOW + GIVE_UP)
    with session() as opened:
        opened.execute(update(Delivery).values(expires_at=None))
    row = await deliver("visit_mail", handler)
    assert (row.status, row.trouble) == ("failed", "cannot_connect")


async def test_without_a_mail_server_mails_are_dropped(salon: Business, news: Appointment) -> None:
    assert (await deliver("visit_mail", MailNews(salon, None))).status == "dropped"


# --- text messages


@pytest.fixture
def fake() -> Iterator[FakeTwilio]:
    with answering() as server:
        yield server


@pytest.fixture
async def texts(fake: FakeTwilio) -> Any:
    opened = Twilio(TextSettings(ACCOUNT, TOKEN, SENDER, fake.address))
    yield opened
    await opened.close()


@pytest.fixture
def text_news(settings: pytest.MonkeyPatch, booked: Booked) -> Appointment:
    settings.setenv("TWILIO_ACCOUNT_SID", ACCOUNT)
    return booked("haircut", "aino", "2026-11-24 10:00", email=None)


async def test_a_text_message_arrives_once(
    salon: Business, text_news: Appointment, fake: FakeTwilio, texts: Twilio
) -> None:
    for _ in range(2):
        assert (await deliver("visit_text", TextNews(salon, texts))).status == "done"
    ((_, form, _),) = fake.came
    assert form["To"] == ["+358401234567"]
    assert f"/desk/visit/{token_for(text_news.id, ends_at=text_news.ends_at)}" in form["Body"][0]
    assert "Maija" not in form["Body"][0]


@pytest.mark.parametrize(
    ("status", "code", "became"),
    [
        (429, 20429, ("waiting", "rate_limited")),
        (401, 20003, ("waiting", "invalid_credentials")),
        (400, 21610, ("failed", "refused")),
        (500, 20500, ("failed", "unknown")),  # it may have been sent
    ],
)
async def test_each_failure_of_a_text_message(
    salon: Business, text_news: Appointment, fake: FakeTwilio, texts: Twilio,
    status: int, code: int, became: tuple[str, str],
) -> None:  # fmt: skip
    fake.fails(status, code)
    row = await deliver("visit_text", TextNews(salon, texts))
    assert (row.status, row.trouble) == became
    assert len(fake.came) == 1


async def test_without_an_account_text_messages_are_dropped(
    salon: Business, text_news: Appointment
) -> None:
    assert (await deliver("visit_text", TextNews(salon, None))).status == "dropped"


# --- copies in calendars


@pytest.fixture
def calendar(settings: pytest.MonkeyPatch) -> MemoryCalendar:
    made = MemoryCalendar()
    settings.setattr(handlers, "calendars", lambda _: {"aino": made})
    settings.setenv("CALENDAR_VENDOR", "memory")
    settings.setenv("CALENDARS", "aino=here")
    return made


def tickets() -> list[str]:
    with reading() as opened:
        return list(opened.scalars(select(Ticket.need)))


async def test_a_copy_is_written_and_removed(
    salon: Business, calendar: MemoryCalendar, booked: Booked
) -> None:
    visit = booked("haircut", "aino", "2026-11-24 10:00")
    assert (await deliver("calendar", CopyToCalendar(salon))).status == "done"
    assert list(calendar.stands) == [visit.uid] and tickets() == []
    with session() as opened:
        opened.get(Row, visit.id).status = "cancelled"
        copy_to_calendar(opened, visit.id, NOW)
    await deliver("calendar", CopyToCalendar(salon))
    assert calendar.stands == {}


async def test_a_clash_is_a_ticket_and_the_booking_stays(
    salon: Business, calendar: MemoryCalendar, booked: Booked
) -> None:
    calendar.add("dentist", at("2026-11-24 10:30"), at("2026-11-24 11:30"))
    visit = booked("haircut", "aino", "2026-11-24 10:00")
    assert (await deliver("calendar", CopyToCalendar(salon))).status == "done"
    assert tickets() == [
        "Aino: the calendar has something else at the time of the booking"
        " Tuesday 24 November at 10:00."
    ]
    assert visit.uid in calendar.stands


async def test_a_calendar_that_is_down_is_waited_for(
    salon: Business, calendar: MemoryCalendar, booked: Booked
) -> None:
    calendar.fails = Trouble.CANNOT_CONNECT
    booked("haircut", "aino", "2026-11-24 10:00")
    assert (await deliver("calendar", CopyToCalendar(salon))).status == "waiting"
    calendar.fails = None
    clock.fix(NOW + timedelta(minutes=1))
    assert (await deliver("calendar", CopyToCalendar(salon))).status == "done"


# --- all of them


async def test_every_kind_has_somebody(salon: Business) -> None:
    opened = Handlers(salon)
    assert set(opened.by_kind) == {"calendar", "visit_mail", "visit_text", "freed"}
    assert mail_settings() is not None
    await opened.close()


def test_a_wrong_address_for_links_is_told_at_the_start(
    salon: Business, settings: pytest.MonkeyPatch
) -> None:
    settings.setenv("PUBLIC_URL", "http://desk.example.com")
    with pytest.raises(SettingsError, match=r"^PUBLIC_URL: "):
        Handlers(salon)
