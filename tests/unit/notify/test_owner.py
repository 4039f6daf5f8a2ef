"""tiski/notify/owner.py with a real database and real mail servers."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from mail_server import Mailbox, serving, silent_server
from ruamel.yaml import YAML
from sqlalchemy import select
from sqlalchemy.engine import Engine

from tiski import clock
from tiski.business import Business, load_business
from tiski.customers.leads import QUOTE, Wish, store_lead
from tiski.db import tables
from tiski.db.session import session
from tiski.desk.group import free_port
from tiski.handoff.tickets import TicketReceipt, open_ticket
from tiski.notify import mail, owner
from tiski.notify.owner import OwnerMail
from tiski.notify.settings import MailSettings, Security
from tiski.paths import ROOT

SECRET = "kukaan ei saa nähdä tätä sähköpostissa"


def business_with(folder: Path, **blocks: object) -> Business:
    yaml = YAML(typ="safe", pure=True)
    page = yaml.load((ROOT / "business.yml").read_text(encoding="utf-8"))
    page.update(blocks)
    file = folder / "business.yml"
    with file.open("w", encoding="utf-8") as opened:
        yaml.dump(page, opened)
    return load_business(file)


def start(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    monkeypatch.setenv("MAIL_URL", f"smtp+plain://127.0.0.1:{port}")
    owner.start()


async def a_ticket(need: str = "hääkampaus", now: datetime | None = None) -> TicketReceipt:
    return await open_ticket(
        kind="request_human",
        need=need,
        language="fi",
        conversation_id="c1",
        channel="web",
        transcript=[{"from": "customer", "text": SECRET}],
        name="Maija Meikäläinen",
        email="maija@posti.example",
        phone=None,
        business=load_business(),
        now=now or clock.now(),
    )


async def a_lead(need: str = "kampaukset kuudelle") -> str:
    receipt = await store_lead(
        Wish(QUOTE, need, "kesäkuussa", 50000),
        name="Maija Meikäläinen",
        email=None,
        phone="+358455550133",
        consent_words="Saammeko?",
        language="fi",
        channel="web",
        conversation_id="c1",
        business=load_business(),
        now=clock.now(),
    )
    return receipt.reference


def until(true: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.02)
    return true()


def mailed() -> list[bool]:
    """For each ticket, whether it is marked as mailed."""
    with session() as db:
        return [at is not None for at in db.scalars(select(tables.Ticket.mailed_at))]


async def test_each_ticket_and_lead_is_mailed_once(
    desk_db: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = Mailbox()
    with serving(box) as port:
        start(monkeypatch, port)
        ticket = await a_ticket()
        lead = await a_lead()
        assert until(lambda: len(box.mails) == 2)
        await a_ticket()  # the same once more
        owner.wake()
        owner.stop()
    assert mailed() == [True]
    subjects = sorted(str(one["Subject"]) for one in box.mails)
    assert subjects == sorted(
        [
            f"Kampaamo Aalto: viesti henkilökunnalle ({ticket.code})",
            f"Kampaamo Aalto: tarjouspyyntö ({lead})",
        ]
    )
    assert {one["To"] for one in box.mails} == {"hei@kampaamoaalto.example"}
    text = "".join(box.texts)
    assert "hääkampaus" in text and "maija@posti.example" in text
    assert "kampaukset kuudelle" in text and "Budjetti: 500 €" in text
    assert SECRET not in text


async def test_without_settings_nothing_is_mailed(desk_db: Engine) -> None:
    owner.start()
    await a_ticket()
    assert mailed() == [False]


@pytest.mark.parametrize("trouble", ["down", "silent", "refuses"])
async def test_the_customer_has_the_ticket_at_once(
    desk_db: Engine, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    refusing = Mailbox(refused=("hei@kampaamoaalto.example",))
    with silent_server() as silent, serving(refusing) as refuses:
        port = {"down": free_port(), "silent": silent, "refuses": refuses}[trouble]
        start(monkeypatch, port)
        began = time.monotonic()
        receipt = await a_ticket()
        assert time.monotonic() - began < 2.5  # less than a mail server is waited for
        assert receipt.code.startswith("T")
        owner.stop()
    assert mailed() == [False]


async def test_what_failed_is_tried_again_with_the_next_ticket(
    desk_db: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    port = free_port()
    start(monkeypatch, port)
    with caplog.at_level(logging.WARNING):
        first = await a_ticket("ensimmäinen")
        assert until(lambda: "could not be mailed" in caplog.text)
    box = Mailbox()
    with serving(box, port):
        second = await a_ticket("toinen")
        assert until(lambda: len(box.mails) == 2)
        owner.stop()
    assert mailed() == [True, True]
    assert [first.code in box.texts[0], second.code in box.texts[1]] == [True, True]
    assert "ensimmäinen" not in caplog.text and "posti.example" not in caplog.text


async def test_what_failed_is_tried_again_by_itself(
    desk_db: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(owner, "FIRST_PAUSE_SECONDS", 0.1)
    monkeypatch.setenv("STAFF_URL", "https://desk.salon.example/")
    port = free_port()
    start(monkeypatch, port)
    await a_ticket()
    assert until(lambda: caplog.text.count("could not be mailed") > 1)
    box = Mailbox()
    with serving(box, port):
        assert until(lambda: len(box.mails) == 1)
        assert until(lambda: mailed() == [True])
        owner.stop()
    assert "https://desk.salon.example/" in box.texts[0]


async def test_where_nothing_is_left_nothing_is_tried(
    desk_db: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owner, "FIRST_PAUSE_SECONDS", 0.05)
    looks: list[object] = []
    look = owner._not_mailed
    monkeypatch.setattr(owner, "_not_mailed", lambda *given: (looks.append(given), look(*given))[1])
    box = Mailbox()
    with serving(box) as port:
        start(monkeypatch, port)
        await a_ticket()
        assert until(lambda: len(box.mails) == 1)
        await asyncio.sleep(0.5)
        seen = len(looks)
        await asyncio.sleep(0.5)
        owner.stop()
    assert len(looks) == seen


async def test_what_failed_is_tried_again_at_the_start(
    desk_db: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_ticket()
    box = Mailbox()
    with serving(box) as port:
        start(monkeypatch, port)
        assert until(lambda: len(box.mails) == 1)
        owner.stop()
        owner.start()
        owner.stop()
    assert len(box.mails) == 1


async def test_after_a_day_it_is_no_news(desk_db: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime.now(timezone.utc)
    await a_ticket("vanha", now=now - timedelta(days=1, minutes=1))
    await a_ticket("eilinen", now=now - timedelta(hours=23))
    box = Mailbox()
    with serving(box) as port:
        start(monkeypatch, port)
        assert until(lambda: len(box.mails) == 1)
        owner.stop()
    assert "eilinen" in box.texts[0]
    assert mailed() == [False, True]


async def test_one_refused_ticket_does_not_hold_up_the_next(
    desk_db: Engine, tmp_path: Path
) -> None:
    box = Mailbox(refused=("tickets@salon.example",))
    told = {"tickets": ["tickets@salon.example"], "leads": ["leads@salon.example"]}
    with serving(box) as port:
        settings = MailSettings("127.0.0.1", port, Security.NONE)
        sender = OwnerMail(settings, business_with(tmp_path, notify=told))
        await a_ticket()
        await a_lead()
        sender.wake()
        assert until(lambda: len(box.mails) == 1)
        sender.close()
    assert box.envelopes[0].rcpt_tos == ["leads@salon.example"]
    assert mailed() == [False]


async def test_who_is_told_of_what(desk_db: Engine, tmp_path: Path) -> None:
    box = Mailbox()
    told = {"tickets": [], "leads": ["a@salon.example", "b@salon.example"]}
    with serving(box) as port:
        settings = MailSettings("127.0.0.1", port, Security.NONE, sender="desk@salon.example")
        sender = OwnerMail(settings, business_with(tmp_path, notify=told))
        await a_ticket()
        await a_lead()
        sender.wake()
        assert until(lambda: len(box.mails) == 1)
        sender.close()
    assert box.envelopes[0].rcpt_tos == ["a@salon.example", "b@salon.example"]
    assert box.envelopes[0].mail_from == "desk@salon.example"


def test_nobody_named_means_the_businesss_own_address(tmp_path: Path) -> None:
    business = business_with(tmp_path, notify={})
    assert business.mail_of_tickets == business.mail_of_leads == ["hei@kampaamoaalto.example"]


async def test_two_processes_do_not_mail_the_same(desk_db: Engine) -> None:
    for number in range(8):
        await a_ticket(f"asia {number}")
    box = Mailbox()
    with serving(box) as port:
        settings = MailSettings("127.0.0.1", port, Security.NONE)
        senders = [OwnerMail(settings, load_business()) for _ in range(3)]
        for sender in senders:
            sender.wake()
        assert until(lambda: len(box.mails) == 8)
        for sender in senders:
            sender.close()
    assert len({one["Message-ID"] for one in box.mails}) == len(box.mails) == 8


async def test_a_server_that_took_it_and_fell_silent_is_not_told_twice(
    desk_db: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "_LAST_TIMEOUT_SECONDS", 0.3)
    box = Mailbox(silence=1)
    with serving(box) as port:
        start(monkeypatch, port)
        await a_ticket()
        assert box.came.wait(5)
        owner.stop()
        owner.start()
        owner.stop()
    assert len(box.mails) == 1
    assert mailed() == [True]


async def test_a_locked_database_ends_neither_the_thread_nor_the_ticket(
    desk_db: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from sqlalchemy.exc import OperationalError

    box = Mailbox()
    look = owner._not_mailed
    broken = True

    def fails(table: object, oldest: datetime) -> list[int]:
        if broken:
            raise OperationalError("SELECT", {"need": "salaisuus"}, Exception("locked"))
        return look(table, oldest)

    monkeypatch.setattr(owner, "_not_mailed", fails)
    with serving(box) as port:
        start(monkeypatch, port)
        await a_ticket("yksi")
        assert until(lambda: "cannot be looked up" in caplog.text)
        broken = False
        await a_ticket("kaksi")
        assert until(lambda: len(box.mails) == 2)
        owner.stop()
    assert "salaisuus" not in caplog.text
