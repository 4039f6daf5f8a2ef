"""Who may see what; how often one may try is in test_access_limits.py."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from access_desk import (
    EMAIL,
    NOW,
    PHONE,
    POSTCODE,
    RIGHT,
    WRONG,
    Desk,
    book_visit,
    make_order,
)
from sqlalchemy.engine import Engine

from tiski import access
from tiski.access import LockedOut, NoMatch, Proof, appointments_for
from tiski.orders.order import ShopUnavailable


@pytest.fixture
def desk(desk_db: Engine, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(monkeypatch)


# Whose it is


@pytest.mark.parametrize(
    "proof",
    [
        Proof(email=EMAIL),
        Proof(email="  Matti@POSTI.Example "),
        Proof(phone=PHONE),
        Proof(phone="045 5550101"),
        Proof(phone="00358 45 555 0101"),
        Proof(postcode="65100"),
        Proof(postcode="65 100"),
        Proof(postcode="FI-65100"),
        Proof(postcode="٦٥١٠٠"),
        Proof(email="someone@else.example", postcode="65100"),
        Proof(email=EMAIL, phone="+358455559999", postcode="00100"),
    ],
)
async def test_any_one_that_matches_is_enough(desk: Desk, proof: Proof) -> None:
    assert (await desk.ask(proof=proof)).number == "10234"


@pytest.mark.parametrize(
    "proof",
    [
        Proof(),
        Proof(email="", phone=" ", postcode=""),
        Proof(email="matti"),
        Proof(email="matti@posti.example.com"),
        Proof(email="%"),
        Proof(phone="+358455550102"),
        Proof(phone="not a number"),
        Proof(postcode="6510"),
        Proof(postcode="65101"),
        Proof(postcode=EMAIL),
        Proof(email=POSTCODE),
    ],
)
async def test_what_proves_nothing(desk: Desk, proof: Proof) -> None:
    with pytest.raises(NoMatch):
        await desk.ask(proof=proof)


@pytest.mark.parametrize("proof", [Proof(), Proof(email="", phone="", postcode="")])
async def test_nothing_does_not_match_an_order_without_contact(desk: Desk, proof: Proof) -> None:
    bare = make_order("10300", contact_email="", contact_phone="", postcode="")
    desk.shop.orders["10300"] = bare
    with pytest.raises(NoMatch):
        await desk.ask("10300", proof)


async def test_letters_of_a_postcode_count(desk: Desk) -> None:
    desk.shop.orders["10301"] = make_order("10301", postcode="SW1A 1AA")
    assert await desk.ask("10301", Proof(postcode="sw1a1aa"))
    with pytest.raises(NoMatch):
        await desk.ask("10301", Proof(postcode="11"))


def test_a_name_cannot_be_given() -> None:
    assert set(Proof.__dataclass_fields__) == {"email", "phone", "postcode"}


# The number


@pytest.mark.parametrize(
    "number",
    ["#10234", " 10234 ", "# 10 234", "10234", "#10234", "१०२३४", "١٠٢٣٤", "\u200e10234\u200b"],
)
async def test_ways_to_write_a_number(desk: Desk, number: str) -> None:
    assert (await desk.ask(number)).number == "10234"


@pytest.mark.parametrize(
    "number",
    [
        "10234' OR '1'='1",
        "10234; DROP TABLE orders; --",
        "1 OR 1=1",
        "%",
        "_____",
        "1023%",
        "",
        "#",
        "-10234",
        "10234.0",
        "²³⁴",
        "9" * 21,
        "order:10234",
    ],
)
async def test_what_is_no_number_does_not_reach_the_shop(desk: Desk, number: str) -> None:
    with pytest.raises(NoMatch):
        await desk.ask(number)
    assert desk.shop.asked == []


async def test_a_shop_that_finds_another_order_is_not_believed(desk: Desk) -> None:
    desk.shop.orders["1023"] = make_order("10234")
    with pytest.raises(NoMatch):
        await desk.ask("1023")


# Wrong thing and wrong person look alike


async def test_wrong_number_and_wrong_person_look_alike(desk: Desk) -> None:
    seen = []
    for number, proof in (("99999", RIGHT), ("10234", WRONG), ("no number", RIGHT)):
        with pytest.raises(NoMatch) as caught:
            await desk.ask(number, proof)
        error = caught.value
        seen.append((type(error), str(error), error.args, vars(error), error.__cause__))
    assert seen[0] == seen[1] == seen[2]


@pytest.mark.parametrize(("seconds", "steps"), [(0.0, 1), (0.01, 1), (0.08, 1), (0.1, 2)])
async def test_every_answer_takes_whole_steps(desk: Desk, seconds: float, steps: int) -> None:
    desk.shop.seconds = seconds
    await desk.ask()
    assert desk.time.passed == pytest.approx(steps * 0.25)


async def test_wrong_number_wrong_person_and_success_take_the_same_time(desk: Desk) -> None:
    taken = []
    for number, proof in (("99999", RIGHT), ("10234", WRONG), ("none", RIGHT), ("10234", RIGHT)):
        begun = desk.time.passed
        with suppress(NoMatch):
            await desk.ask(number, proof)
        taken.append(desk.time.passed - begun)
    assert taken == pytest.approx([0.25] * 4)


async def test_being_locked_out_takes_as_long(desk: Desk) -> None:
    await desk.fail(5)
    begun = desk.time.passed
    with pytest.raises(LockedOut):
        await desk.ask()
    assert desk.time.passed - begun == pytest.approx(0.25)


# Appointments


@pytest.fixture
def visit(desk: Desk) -> str:
    return book_visit()


async def find(now: datetime = NOW, **keys: str | None) -> list[str]:
    found = await appointments_for(**keys, conversation_id="one", now=now)
    return [each.code for each in found]


@pytest.mark.parametrize(
    "keys",
    [
        {"code": " #k7m-4qx"},
        {"email": "MATTI@posti.example"},
        {"phone": "045 555 0101"},
        {"code": "ZZZZ22", "phone": PHONE},
        {"code": "", "email": EMAIL, "phone": "nonsense"},
    ],
)
async def test_an_appointment_by_code_email_or_phone(visit: str, keys: dict[str, str]) -> None:
    assert await find(**keys) == [visit]


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"code": None, "email": None, "phone": None},
        {"code": "", "email": "", "phone": ""},
        {"phone": "nonsense"},
        {"code": "ZZZZ22"},
        {"code": "' OR 1=1 --"},
        {"email": "someone@else.example"},
    ],
)
async def test_no_appointment(visit: str, desk: Desk, keys: dict[str, str]) -> None:
    with pytest.raises(NoMatch):
        await find(**keys)
    assert desk.time.passed == pytest.approx(0.25)


async def test_a_past_appointment_is_no_match(visit: str) -> None:
    with pytest.raises(NoMatch):
        await find(now=NOW + timedelta(days=2), code=visit)


# Nothing leaks


def shown_of(error: BaseException | None) -> str:
    """What a traceback would tell of an error and of those behind it, source lines aside."""
    if error is None:
        return ""
    behind = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return f"{error!r} {error} {vars(error)} {shown_of(behind)}"


async def test_no_personal_data_in_logs_and_errors(
    visit: str, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    given = Proof(email="liisa@posti.example", phone="+358455550140", postcode="00100")
    told = [repr(given)]
    for number in ("10234", "99999", "10234", "10234", "10234", "10234"):
        with pytest.raises(access.AccessError) as caught:
            await desk.ask(number, given)
        told.append(shown_of(caught.value))
    with pytest.raises(access.AccessError) as caught:
        await find(email="liisa@posti.example")
    told.append(shown_of(caught.value))
    everything = "\n".join([caplog.text, *told])
    for personal in ("liisa@", "5550140", "00100", "matti@", "5550101", "65100", "Meikäläinen"):
        assert personal not in everything


async def test_a_database_in_trouble_shows_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(monkeypatch)
    # Without tables: the database's own message repeats what was looked for.
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(ShopUnavailable) as order_error:
        await desk.ask(conversation="secret id")
    with pytest.raises(access.Unavailable) as visit_error:
        await appointments_for(email="secret@posti.example", conversation_id="secret", now=NOW)
    for error in (order_error.value, visit_error.value):
        assert "secret" not in shown_of(error)
    assert desk.shop.asked == []
