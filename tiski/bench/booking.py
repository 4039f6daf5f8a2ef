"""Measure booking: how long it takes to find openings, and how many visits can be booked at once.

A salon with ten people and 2,000 events in their calendars. The same on SQLite and on PostgreSQL (a
server of the bench's own), in one run. Overlaps are counted afterwards, in what was stored: there
must be none.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from sqlalchemy import select

from tiski.bench import postgres
from tiski.booking.appointments import book, cancel, reschedule
from tiski.booking.errors import BookingError
from tiski.booking.openings import Opening, free_openings
from tiski.business import Business, load_business
from tiski.db import tables
from tiski.db.migrate import upgrade
from tiski.db.session import database_url, engine_for, session
from tiski.paths import ROOT

PEOPLE, EVENTS, DAYS = 10, 2000, 90
# A Monday morning, in the time that business.yml of the demo is written for
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=timezone.utc)
FORK = multiprocessing.get_context("fork")


@dataclass
class Figures:
    """What was measured on one database."""

    database: str
    all_p50: float  # milliseconds for the openings of all people
    all_p95: float
    one_p50: float  # of one person
    one_p95: float
    first_p50: float  # the first opening there is
    per_second: float  # changes, all processes together
    done: Counter[str]
    overlaps: int


def salon(folder: Path) -> Business:
    """The demo with ten people, who all do everything."""
    yaml = YAML(typ="safe")
    page = yaml.load((ROOT / "business.yml").read_text(encoding="utf-8"))
    person = {"title": {"fi": "kampaaja", "en": "hairdresser"}}
    page["staff"] = {f"person{n}": {"name": f"Person{n}", **person} for n in range(PEOPLE)}
    for service in page["services"].values():
        service["staff"] = list(page["staff"])
    file = folder / "business.yml"
    with file.open("w", encoding="utf-8") as opened:
        yaml.dump(page, opened)
    return load_business(file)


def fill(business: Business, seed: int = 7) -> None:
    """Put events into the calendars: half of them bookings, half of them something else."""
    chance = random.Random(seed)
    people = list(business.staff)
    booked = 0
    for _ in range(EVENTS // 2):
        start = NOW + timedelta(days=chance.randrange(DAYS), minutes=15 * chance.randrange(0, 40))
        with session() as opened:
            opened.add(
                tables.BusyTime(
                    resource=chance.choice(people),
                    starts_at=start,
                    ends_at=start + timedelta(minutes=chance.choice((15, 30, 60, 240))),
                )
            )
    services = list(business.services)
    while booked < EVENTS // 2:
        person, service = chance.choice(people), chance.choice(services)
        first = NOW + timedelta(days=chance.randrange(1, DAYS))
        found = free_openings(
            business, service, first, first + timedelta(days=1), staff_id=person, now=NOW
        )
        if found:
            _book(business, chance.choice(found), f"c{booked}")
            booked += 1


def _book(business: Business, opening: Opening, who: str) -> str:
    return book(
        business,
        opening,
        name=who,
        email=f"{who}@example.com",
        phone=None,
        language="en",
        conversation_id=who,
        now=NOW,
    ).code


def measure(business: Business, name: str, rounds: int, seconds: float) -> Figures:
    """Measure on the database that DATABASE_URL names; it is empty before."""
    upgrade()
    fill(business)
    until = NOW + timedelta(days=DAYS)
    services = list(business.services)

    def spent(**keys: Any) -> list[float]:
        times = []
        for number in range(rounds):
            service = services[number % len(services)]
            begun = time.perf_counter()
            free_openings(business, service, NOW, until, now=NOW, **keys)
            times.append(1000 * (time.perf_counter() - begun))
        return sorted(times)

    everybody, one, first = spent(), spent(staff_id="person3"), spent(limit=1)
    begun = time.perf_counter()
    done = sum(_at_once(_change_at_random, business, seconds), Counter())
    changes = sum(done[what] for what in ("booked", "moved", "cancelled"))
    per_second = changes / (time.perf_counter() - begun)
    return Figures(
        database=name,
        all_p50=_part(everybody, 0.5),
        all_p95=_part(everybody, 0.95),
        one_p50=_part(one, 0.5),
        one_p95=_part(one, 0.95),
        first_p50=_part(first, 0.5),
        per_second=per_second,
        done=done,
        overlaps=overlaps(business),
    )


def _part(times: list[float], part: float) -> float:
    return times[min(len(times) - 1, int(part * len(times)))]


def _change_at_random(number: int, business: Business, seconds: float) -> Counter[str]:
    """Book, move and cancel on two days of four people, where everybody else does so too."""
    chance = random.Random(number)
    people = list(business.staff)[:4]
    services = list(business.services)
    results: Counter[str] = Counter()
    codes: list[str] = []
    ends = time.perf_counter() + seconds
    while time.perf_counter() < ends:
        start = NOW + timedelta(days=chance.randrange(1, 3), minutes=15 * chance.randrange(0, 32))
        opening = Opening(chance.choice(services), chance.choice(people), start, start)
        try:
            if codes and chance.random() < 0.4:
                cancel(codes.pop(chance.randrange(len(codes))), now=NOW)
                results["cancelled"] += 1
            elif codes and chance.random() < 0.3:
                reschedule(business, chance.choice(codes), opening, now=NOW)
                results["moved"] += 1
            else:
                codes.append(_book(business, opening, f"p{number}-{sum(results.values())}"))
                results["booked"] += 1
        except BookingError:
            results["refused"] += 1
    return results


def _at_once(
    work: Callable[..., Counter[str]], business: Business, seconds: float, processes: int = 4
) -> list[Counter[str]]:
    answers = FORK.SimpleQueue()
    start = FORK.Barrier(processes)

    def run(number: int) -> None:
        engine_for(database_url()).dispose(close=False)  # the parent's connections are its own
        start.wait(30)
        answers.put(work(number, business, seconds))

    workers = [FORK.Process(target=run, args=(number,)) for number in range(processes)]
    for worker in workers:
        worker.start()
    found = [answers.get() for _ in workers]
    for worker in workers:
        worker.join()
    return found


def overlaps(business: Business) -> int:
    """Count the pairs of booked visits, buffers included, that overlap."""
    with session() as opened:
        rows = opened.scalars(
            select(tables.Appointment).where(tables.Appointment.status == "booked")
        ).all()
    spans: dict[str, list[tuple[datetime, datetime]]] = {}
    for row in rows:
        buffer = timedelta(minutes=business.services[row.service_id].buffer_minutes)
        spans.setdefault(row.staff_id, []).append((row.starts_at, row.ends_at + buffer))
    return sum(
        end > start
        for theirs in spans.values()
        for (_, end), (start, _) in pairwise(sorted(theirs))
    )


@contextmanager
def _database(url: str) -> Iterator[None]:
    before = os.environ.get("DATABASE_URL")
    os.environ["DATABASE_URL"] = url
    try:
        yield
    finally:
        engine_for(url).dispose()
        engine_for.cache_clear()
        if before is None:
            del os.environ["DATABASE_URL"]
        else:
            os.environ["DATABASE_URL"] = before


def table(found: list[Figures]) -> str:
    """The figures as Markdown."""
    lines = [
        "| database | openings of 10 people, 90 days: ms p50 | p95 | of one person: p50 | p95"
        " | first one: p50 | changes/s, 4 processes | booked, moved, cancelled, refused | overlaps |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for one in found:
        done = ", ".join(str(one.done[w]) for w in ("booked", "moved", "cancelled", "refused"))
        lines.append(
            f"| {one.database} | {one.all_p50:.0f} | {one.all_p95:.0f} | {one.one_p50:.1f}"
            f" | {one.one_p95:.1f} | {one.first_p50:.1f} | {one.per_second:.0f} | {done}"
            f" | {one.overlaps} |"
        )
    return "\n".join(lines)


def main() -> int:
    """The command line of ./scripts/bench-booking."""
    parser = argparse.ArgumentParser(prog="./scripts/bench-booking", description=__doc__)
    parser.add_argument("--rounds", type=int, default=60, help="searches of each kind (60)")
    parser.add_argument("--seconds", type=float, default=10, help="of booking at once (10)")
    arguments = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        business = salon(folder)
        with _database(f"sqlite:///{folder / 'desk.db'}"):
            found.append(measure(business, "SQLite", arguments.rounds, arguments.seconds))
        try:
            with postgres.server(is_durable=True) as address:
                postgres.sql(address, "CREATE DATABASE desk")
                with _database(f"{address}/desk"):
                    found.append(
                        measure(business, "PostgreSQL", arguments.rounds, arguments.seconds)
                    )
        except postgres.NoPostgres as error:
            print(f"PostgreSQL: {error}", file=sys.stderr)
    print(table(found))
    return 1 if any(one.overlaps for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
