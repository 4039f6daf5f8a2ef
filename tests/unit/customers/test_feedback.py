"""tiski/customers/feedback.py: one row for one thing, whatever order it was told in."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from tiski.customers.feedback import keep, keep_unhelpful
from tiski.db.session import session
from tiski.db.tables import Feedback

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=timezone.utc)


def give(rating: int | None = None, comment: str | None = None, **other: Any) -> int:
    given = {
        "conversation_id": "one",
        "about": None,
        "language": "fi",
        "channel": "rest",
        "now": NOW,
        **other,
    }
    return keep(rating=rating, comment=comment, **given)


def rows() -> list[tuple[Any, ...]]:
    with session() as db:
        found = db.scalars(select(Feedback).order_by(Feedback.id))
        return [(row.kind, row.rating, row.comment, row.about) for row in found]


def test_a_word_is_added_to_the_rating(desk_db: Engine) -> None:
    give(4, about="book_appointment")
    give(4, "helppoa", about="book_appointment")
    assert rows() == [("rating", 4, "helppoa", "book_appointment")]


def test_a_rating_is_added_to_praise(desk_db: Engine) -> None:
    give(comment="upea tukka")
    give(5, "upea tukka")
    assert rows() == [("praise", 5, "upea tukka", None)]


def test_the_last_rating_holds(desk_db: Engine) -> None:
    give(2)
    give(4)
    assert rows() == [("rating", 4, None, None)]


def test_another_word_is_another_row(desk_db: Engine) -> None:
    give(comment="upea tukka")
    give(comment="hyvää kahvia")
    assert [row[2] for row in rows()] == ["upea tukka", "hyvää kahvia"]


@pytest.mark.parametrize(
    "other",
    [{"about": "cancel_order"}, {"conversation_id": "two"}, {"now": NOW + timedelta(hours=2)}],
)
def test_what_is_of_something_else_is_a_row_of_its_own(
    desk_db: Engine, other: dict[str, Any]
) -> None:
    give(5)
    give(3, **other)
    assert [row[1] for row in rows()] == [5, 3]


@pytest.mark.parametrize(("rating", "comment"), [(None, None), (None, ""), (0, "x"), (6, None)])
def test_nothing_and_nonsense_are_refused(
    desk_db: Engine, rating: int | None, comment: str | None
) -> None:
    with pytest.raises(ValueError):
        give(rating, comment)
    assert rows() == []


def test_an_unhelpful_answer_is_never_mixed_with_a_rating(desk_db: Engine) -> None:
    keep_unhelpful(
        conversation_id="one",
        about="utter_faq/parking",
        comment="ei auttanut",
        language="fi",
        channel=None,
        now=NOW,
    )
    give(5, about="utter_faq/parking")
    assert rows() == [
        ("unhelpful", None, "ei auttanut", "utter_faq/parking"),
        ("rating", 5, None, "utter_faq/parking"),
    ]
