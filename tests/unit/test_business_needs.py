"""`shop.needs` of business.yml: what goods are good for."""

from __future__ import annotations

from pathlib import Path

import pytest
from business_page import edited, load, problems

TOOLS = "aliases: {fi: [harja], en: [brush]}}\n"
NEEDS = TOOLS + (
    "  needs:\n"
    "    - {id: dry, name: {fi: kuiva, en: dry}, aliases: {fi: [karhea], en: [rough]}}\n"
    "    - {id: fine, name: {fi: ohut, en: fine}}\n"
)


def test_needs_are_found_by_id_and_may_be_left_out(tmp_path: Path) -> None:
    shop = load(tmp_path, edited((TOOLS, NEEDS))).shop
    need = shop.need("dry")
    assert need is not None and need.name.get("en") == "dry"
    assert shop.need("wet") is None and shop.need(None) is None
    category = shop.category("tools")
    assert category is not None and category.name.get("fi") == "välineet"
    (tmp_path / "other").mkdir()
    assert load(tmp_path / "other", edited()).shop.needs == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("id: fine", "id: dry", "'dry' – expected an id of its own for each entry"),
        ("fi: ohut", "fi: Karhea", "'Karhea' – expected a word for one thing only"),
        (", en: fine}", "}", "needs[2].name.en: missing"),
    ],
)
def test_a_mistake_is_told(tmp_path: Path, old: str, new: str, problem: str) -> None:
    [said] = problems(tmp_path, edited((TOOLS, NEEDS.replace(old, new))))
    assert problem in said
