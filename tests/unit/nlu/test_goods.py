"""tiski/nlu/goods.py: products, categories, needs, counts and sums in a message."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.shared.core.slots import TextSlot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from sqlalchemy.engine import Engine

from tiski.db import tables
from tiski.db.session import session
from tiski.nlu import goods
from tiski.nlu.entities import BusinessExtractor
from tiski.nlu.goods import GoodsExtractor
from tiski.orders.shops import known_goods


@pytest.fixture(autouse=True)
def no_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The goods come from the demo's file."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'none.db'}")
    goods.products.cache_clear()


def understand(text: str, asked: str | None = None) -> list[tuple[str, Any]]:
    tracker = DialogueStateTracker("someone", [TextSlot("requested_slot", [{}], asked)])
    messages = [Message(data={TEXT: text})]
    for extractor in (BusinessExtractor({}), GoodsExtractor({})):
        messages = extractor.process(messages, tracker)
    return [(e["entity"], e["value"]) for e in messages[0].get(ENTITIES, [])]


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("onks teillä hopeashampoota", [("product", "huurre-hopea-shampoo")]),
        ("mitä tuulihapsen kosteuttava shampoo maksaa", [("product", "tuulihapsi-kosteus-shampoo")]),
        ("do you have dry shampoo", [("product", "huurre-kuivashampoo")]),
        ("gift card 50", [("product", "lahjakortti-50")]),
        ("shampoota", [("product_category", "shampoo")]),
        ("hiusnaamioita", [("product_category", "treatment_product")]),
        ("mikä shampoo sopii ohuille hiuksille",
         [("product_category", "shampoo"), ("product_need", "fine")]),
        ("what do you recommend for dandruff", [("product_need", "dandruff")]),
        ("2 kpl partaöljyä", [("product", "sysi-partaoljy"), ("quantity", 2)]),
        ("3 shampoota alle 20 e",
         [("product_category", "shampoo"), ("quantity", 3), ("amount_of_money", {"to": 20.0})]),
        ("raidat pitkiin hiuksiin", [("service", "highlights")]),
        ("varaa tehohoito", [("service", "hair_treatment")]),
    ],
)  # fmt: skip
def test_what_is_found(text: str, entities: list[tuple[str, Any]]) -> None:
    assert understand(text) == entities


def test_more_than_a_services_name_is_a_product() -> None:
    assert ("product", "sysi-partaoljy") in understand("do you sell beard oil")


def test_a_bare_number_is_a_budget_only_when_asked() -> None:
    assert understand("20") == []
    assert understand("20", asked="budget") == [("amount_of_money", 20.0)]
    assert understand("20", asked="appointment_start") == []


def test_without_a_database_the_file_tells_and_no_database_is_made(tmp_path: Path) -> None:
    assert len(known_goods()) >= 40
    assert not (tmp_path / "none.db").exists()


def test_new_goods_are_known_after_a_restart(desk_db: Engine) -> None:
    with session() as db:
        db.add(
            tables.Product(
                id="uutuus",
                sku="X-1",
                category="shampoo",
                name={"fi": "Utu Pilvishampoo 250 ml", "en": "Utu Cloud Shampoo 250 ml"},
                price_cents=1,
                stock=1,
                suits=["dry"],
            )
        )
    goods.products.cache_clear()
    assert understand("onko pilvishampoota") == [("product", "uutuus")]
    with session() as db:
        db.get(tables.Product, "uutuus").category = "of_another_business"
    goods.products.cache_clear()
    assert understand("onko pilvishampoota") == []
    goods.products.cache_clear()
