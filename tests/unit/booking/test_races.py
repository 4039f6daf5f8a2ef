"""Many at once, and a process that dies: nothing is given twice, nothing is lost."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from salon import NOW, at, opening, service
from sqlalchemy import select

from tiski.booking.appointments import Appointment, book, cancel, find_appointments, reschedule
from tiski.booking.claims import granules
from tiski.booking.errors import AlreadyTaken
from tiski.business import Business
from tiski.db import tables
from tiski.db.session import database_url, engine_for, session

FORK = multiprocessing.get_context("fork")
PROCESSES = 4
SERVICES = {f"visit{minutes}": minutes for minutes in (5, 20, 35, 50, 65, 80)}

Booked = Callable[..., Appointment]


@pytest.fixture
def busy_salon(make_business: Callable[..., Business]) -> Business:
    """A salon with visits of many lengths, on a grid of five minutes."""
    services = {
        name: service(name, minutes, buffer_minutes=minutes % 3 * 5)
        for name, minutes in SERVICES.items()
    }
    booking = {
        "lead_time_minutes": 0,
        "horizon_days": 90,
        "step_minutes": 5,
        "free_cancellation_hours": 24,
    }
    return make_business(services=services, booking=booking)


def book_for(business: Business, who: str, service_id: str, staff_id: str, start: str) -> str:
    return book(
        business,
        opening(business, service_id, staff_id, start),
        name=who,
        email=f"{who}@example.com",
        phone=None,
        language="fi",
        conversation_id=who,
        now=NOW,
    ).code


def at_once(work: Callable[..., Any], *arguments: Any) -> list[Any]:
    """Run work(number, *arguments) in several processes that start together."""
    start = FORK.Barrier(PROCESSES)
    pipes = [FORK.Pipe(duplex=False) for _ in range(PROCESSES)]

    def _run(number: int, answer: Connection) -> None:
        # The parent's connections are the parent's: two processes on one would mix their words
        engine_for(database_url()).dispose(close=False)
        try:
            start.wait(30)
            answer.send(work(number, *arguments))
        except BaseException as error:
            answer.send(repr(error))

    workers = [
        FORK.Process(target=_run, args=(number, answer)) for number, (_, answer) in enumerate(pipes)
    ]
    for worker in workers:
        worker.start()
    answers = [question.recv() if question.poll(60) else "silence" for question, _ in pipes]
    for worker in workers:
        worker.join(10)
    return answers


def stored() -> tuple[list[Any], list[Any]]:
    with session() as opened:
        visits = opened.scalars(
            select(tables.Appointment).where(tables.Appointment.status == "booked")
        ).all()
        return list(visits), list(opened.scalars(select(tables.Claim)).all())


def check_nothing_overlaps(business: Business) -> None:
    """Each booked visit holds just its own granules, and no two overlap."""
    visits, claims = stored()
    held = Counter((claim.resource, claim.granule, claim.appointment_id) for claim in claims)
    wanted: Counter[tuple[Any, ...]] = Counter()
    by_staff: dict[str, list[tuple[Any, Any]]] = {}
    for visit in visits:
        buffer = business.services[visit.service_id].buffer_minutes
        end = visit.ends_at.timestamp() + 60 * buffer
        by_staff.setdefault(visit.staff_id, []).append((visit.starts_at.timestamp(), end))
        until = type(visit.ends_at).fromtimestamp(end, visit.ends_at.tzinfo)
        wanted.update(
            (visit.staff_id, granule, visit.id) for granule in granules(visit.starts_at, until)
        )
    assert held == wanted
    for spans in by_staff.values():
        for (_, end), (start, _) in pairwise(sorted(spans)):
            assert end <= start


def book_at_random(number: int, business: Business) -> Counter[str]:
    chance = random.Random(number)
    results: Counter[str] = Counter()
    codes: list[str] = []
    for turn in range(40):
        where = (
            chance.choice(list(SERVICES)),
            chance.choice(["aino", "mikko"]),
            f"2026-11-24 {chance.randrange(9, 15):02d}:{chance.randrange(0, 60, 5):02d}",
        )
        try:
            if codes and chance.random() < 0.3:
                reschedule(business, chance.choice(codes), opening(business, *where), now=NOW)
                results["moved"] += 1
            elif codes and chance.random() < 0.1:
                cancel(codes.pop(), now=NOW)
                results["cancelled"] += 1
            else:
                codes.append(book_for(business, f"c{number}-{turn}", *where))
                results["booked"] += 1
        except AlreadyTaken:
            results["taken"] += 1
    return results


def test_random_bookings_of_several_processes_never_overlap(busy_salon: Business) -> None:
    answers = at_once(book_at_random, busy_salon)

    assert all(isinstance(answer, Counter) for answer in answers), answers
    total = sum(answers, Counter())
    assert total["taken"] > 0
    assert total["moved"] > 0
    assert len(stored()[0]) == total["booked"] - total["cancelled"] > 0
    check_nothing_overlaps(busy_salon)


def take(number: int, business: Business) -> str:
    try:
        return book_for(business, f"c{number}", "haircut", "aino", "2026-11-24 12:00")
    except AlreadyTaken:
        return "taken"


def test_one_of_many_gets_the_same_opening(business: Business) -> None:
    answers = at_once(take, business)

    assert answers.count("taken") == PROCESSES - 1
    (winner,) = set(answers) - {"taken"}
    assert len(find_appointments(code=winner, now=NOW)) == 1
    check_nothing_overlaps(business)


def tap(_number: int, business: Business) -> str:
    return book_for(business, "impatient", "haircut", "aino", "2026-11-24 12:00")


def test_taps_at_once_by_one_customer_are_one_booking(business: Business) -> None:
    answers = at_once(tap, business)

    assert len(set(answers)) == 1
    assert len(find_appointments(code=answers[0], now=NOW)) == 1


def move(number: int, business: Business, codes: list[str]) -> str:
    try:
        wanted = opening(business, "haircut", "mikko", "2026-11-25 12:00")
        return reschedule(business, codes[number], wanted, now=NOW).code
    except AlreadyTaken:
        return "taken"


def test_one_of_many_moves_to_the_same_opening(business: Business) -> None:
    codes = [
        book_for(business, f"c{hour}", "haircut", "aino", f"2026-11-24 {hour}:00")
        for hour in range(10, 10 + PROCESSES)
    ]

    answers = at_once(move, business, codes)

    assert answers.count("taken") == PROCESSES - 1
    (winner,) = set(answers) - {"taken"}
    starts = {visit.code: visit.starts_at for visit in stored()[0]}
    assert starts.pop(winner) == at("2026-11-25 12:00")
    assert sorted(starts.values()) == [
        at(f"2026-11-24 {10 + number}:00") for number in range(PROCESSES) if codes[number] != winner
    ]
    check_nothing_overlaps(business)


def test_a_booking_survives_a_process_that_is_killed(business: Business, database: Path) -> None:
    question, answer = FORK.Pipe(duplex=False)

    def _book_and_hang() -> None:
        answer.send(book_for(business, "c1", "haircut", "aino", "2026-11-24 12:00"))
        signal.pause()

    child = FORK.Process(target=_book_and_hang)
    child.start()
    assert question.poll(30)
    code = question.recv()
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join(10)

    assert child.exitcode == -signal.SIGKILL
    (found,) = find_appointments(code=code, now=NOW)
    assert found.starts_at == at("2026-11-24 12:00")
    check_nothing_overlaps(business)
