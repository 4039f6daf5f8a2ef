"""Each example of docs/examples/ trains, opens and serves customers in both languages.

The conversations of an example are in the folder of its name; to add one, add a YAML file
(tests/conversations/script.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import Desk
from script import Player, read_scripts

from tiski.nlu import encoder

HERE = Path(__file__).parent
EXAMPLES = ("bicycle-repair", "tea-shop")
# One of them understands by n-grams only: a desk has to serve without its encoder, too
VARIABLES = {"tea-shop": {encoder.SETTING: encoder.OFF}}
SCRIPTS = [
    pytest.param(example, script, id=f"{example}/{script.file.stem}: {script.name}")
    for example in EXAMPLES
    for script in read_scripts(HERE / example)
]


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Desk]]:
    """The desks that are open; one at a time, since each takes half a gigabyte."""
    opened: dict[str, Desk] = {}
    try:
        yield opened
    finally:
        for desk in opened.values():
            desk.close()


@pytest.fixture
def desk(
    request: pytest.FixtureRequest,
    desks: dict[str, Desk],
    tmp_path_factory: pytest.TempPathFactory,
) -> Desk:
    example: str = request.param
    if example not in desks:
        for other in list(desks):
            desks.pop(other).close()
        desk = Desk(
            tmp_path_factory.mktemp(example),
            business=f"docs/examples/{example}.yml",
            variables=VARIABLES.get(example),
        )
        desks[example] = desk
        desk.open()
    return desks[example]


@pytest.mark.parametrize(("desk", "script"), SCRIPTS, indirect=["desk"])
def test_conversation(desk: Desk, script: object) -> None:
    Player(desk, script).play()


@pytest.mark.parametrize("desk", EXAMPLES, indirect=True)
def test_the_page_is_of_this_business(desk: Desk) -> None:
    for language in ("fi", "en"):
        page = desk.http.get(f"{desk.address}/desk/", params={"lang": language})
        assert page.status_code == 200
        for word in ("Aalto", "Kampaamo", "Hair Salon", "Mikko", "$"):
            assert word not in page.text


@pytest.mark.parametrize("desk", EXAMPLES, indirect=True)
def test_nothing_of_the_demo_is_in_the_database(desk: Desk) -> None:
    desk.reset()
    assert desk.rows("orders") == []
    assert desk.rows("appointments") == []
    assert {row["sku"][:2] for row in desk.rows("products")} <= {"US"}
