"""Sessions of the staff: only hashes are kept, and they end."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from busy_day import NOW
from sqlalchemy import select

from tiski.console import sessions
from tiski.db.session import reading
from tiski.db.tables import StaffSession


def kept() -> list[str]:
    with reading() as db:
        return list(db.scalars(select(StaffSession.token_hash)))


def test_a_token_holds_for_twelve_hours(var: Path) -> None:
    token = sessions.open_session(NOW)
    assert sessions.is_signed_in(token, NOW + timedelta(hours=11, minutes=59))
    assert not sessions.is_signed_in(token, NOW + timedelta(hours=12))


def test_only_its_hash_is_kept(var: Path) -> None:
    token = sessions.open_session(NOW)
    assert len(token) >= 40
    [stored] = kept()
    assert stored != token and len(stored) == 64
    assert not sessions.is_signed_in(stored, NOW)


def test_others_are_nobody(var: Path) -> None:
    sessions.open_session(NOW)
    assert not any(sessions.is_signed_in(token, NOW) for token in (None, "", "x", "a" * 10_000))


def test_signing_out_ends_one_device_only(var: Path) -> None:
    phone, till = sessions.open_session(NOW), sessions.open_session(NOW)
    sessions.close_session(phone)
    assert not sessions.is_signed_in(phone, NOW) and sessions.is_signed_in(till, NOW)
    sessions.close_all()
    assert not sessions.is_signed_in(till, NOW)


def test_old_ones_do_not_pile_up(var: Path) -> None:
    sessions.open_session(NOW)
    sessions.open_session(NOW + timedelta(days=1))
    assert len(kept()) == 1
