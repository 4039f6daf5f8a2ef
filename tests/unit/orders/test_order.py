from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from tiski.orders.order import OrderStatus

HELSINKI = ZoneInfo("Europe/Helsinki")
CAME = datetime(2026, 11, 2, 12, 0, tzinfo=timezone.utc)


def can_return(now: datetime, delivered_at: datetime | None = CAME, **kwargs: int) -> bool:
    return OrderStatus.DELIVERED.can_return(delivered_at=delivered_at, now=now, **kwargs)


def test_what_may_be_cancelled_and_changed() -> None:
    cancellable = {status for status in OrderStatus if status.can_cancel}
    changeable = {status for status in OrderStatus if status.can_change}
    assert cancellable == {OrderStatus.RECEIVED, OrderStatus.ON_HOLD, OrderStatus.PAID}
    assert changeable == cancellable | {OrderStatus.PACKING}


def test_the_return_period_lasts_to_the_end_of_its_last_day() -> None:
    assert can_return(datetime(2026, 11, 16, 23, 59, tzinfo=HELSINKI))
    assert not can_return(datetime(2026, 11, 17, 0, 0, tzinfo=HELSINKI))


def test_the_days_are_those_of_the_business() -> None:
    # 23:30 UTC is the next day in Helsinki, so the period begins and ends a day later.
    came = datetime(2026, 11, 2, 23, 30, tzinfo=timezone.utc)
    assert can_return(datetime(2026, 11, 17, 12, 0, tzinfo=HELSINKI), came)


def test_another_period() -> None:
    assert can_return(CAME + timedelta(days=30), days=30)
    assert not can_return(CAME + timedelta(days=31), days=30)


def test_without_a_date_of_delivery_a_person_decides() -> None:
    assert not can_return(CAME, None)


@pytest.mark.parametrize("status", set(OrderStatus) - {OrderStatus.DELIVERED})
def test_only_what_came_goes_back(status: OrderStatus) -> None:
    assert not status.can_return(delivered_at=CAME, now=CAME)
