"""tiski/channels/page.py: the page, its files and its headers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
import time_machine
from channel_server import FakeAgent, serving

from tiski.business import load_business
from tiski.channels.page import WEB, render
from tiski.channels.web import WebChannel
from tiski.checks.manner import says_you

MONDAY_NOON = "2026-11-23T12:00+02:00"
SUNDAY_NOON = "2026-11-22T12:00+02:00"


@pytest_asyncio.fixture
async def client(agent: FakeAgent) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(WebChannel(), agent) as address, httpx.AsyncClient() as opened:
        opened.base_url = httpx.URL(address)
        yield opened


async def test_the_page_has_its_facts_and_its_headers(client: httpx.AsyncClient) -> None:
    reply = await client.get("/desk/")
    assert reply.status_code == 200
    assert "Kampaamo Aalto" in reply.text and "Hiustenleikkaus" in reply.text
    policy = reply.headers["content-security-policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["cache-control"] == "no-store"


async def test_desk_without_a_slash_goes_to_the_page(client: httpx.AsyncClient) -> None:
    reply = await client.get("/desk")
    assert (reply.status_code, reply.headers["location"]) == (302, "/desk/")


async def test_health_tells_whether_a_model_is_loaded(
    client: httpx.AsyncClient, agent: FakeAgent
) -> None:
    reply = await client.get("/desk/health")
    assert (reply.status_code, reply.json()) == (200, {"status": "ok"})
    agent.ready = False
    assert (await client.get("/desk/health")).status_code == 503


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("tiski.js", "text/javascript"),
        ("widget/connection.js", "text/javascript"),
        ("vendor/socket.io.min.js", "text/javascript"),
        ("tiski.css", "text/css"),
        ("icon.svg", "image/svg+xml"),
    ],
)
async def test_files_are_served_and_not_sent_twice(
    client: httpx.AsyncClient, path: str, kind: str
) -> None:
    reply = await client.get(f"/desk/{path}")
    assert reply.status_code == 200
    assert reply.headers["content-type"] == f"{kind}; charset=utf-8"
    assert reply.headers["x-content-type-options"] == "nosniff"
    again = await client.get(f"/desk/{path}", headers={"If-None-Match": reply.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    ["nothing.js", "index.html", "vendor/README.md", "..%2fbusiness.yml", "%2e%2e/tiski/clock.py"],
)
async def test_nothing_else_is(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(f"/desk/{path}")).status_code == 404


def test_the_language_of_the_page() -> None:
    business = load_business()
    english = render(business, "en")
    assert '<html lang="en">' in english
    assert "Root colour" in english and "€75" in english and "Aalto Hair Salon" in english
    assert '<html lang="fi">' in render(business, None)
    assert '<html lang="fi">' in render(business, '"><script>')


@time_machine.travel(MONDAY_NOON)
def test_hours_of_the_coming_days() -> None:
    page = render(load_business(), "fi")
    days = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)<span (hidden)?>", page)
    assert len(days) == 7
    assert days[0] == ("Maanantai 23.11.", "9.00–18.00", "hidden")
    assert days[6] == ("Sunnuntai 29.11.", "", "")  # "closed" is shown


@pytest.mark.parametrize(("moment", "shown"), [(MONDAY_NOON, "open"), (SUNDAY_NOON, "closed")])
def test_whether_the_salon_is_open_now(moment: str, shown: str) -> None:
    with time_machine.travel(moment):
        page = render(load_business(), "en")
    hidden = dict(re.findall(r'class="(open|closed)" (hidden)?', page))
    assert [state for state, value in hidden.items() if not value] == [shown]


@pytest.mark.parametrize("language", ["fi", "en"])
def test_nothing_is_left_unfilled_and_nothing_comes_from_elsewhere(language: str) -> None:
    page = render(load_business(), language)
    assert "$" not in page and "<!-- each" not in page
    loaded = re.findall(r'(?:src|<link[^>]* href)="([^"]+)"', page)
    assert loaded and not [each for each in loaded if "//" in each]
    assert "<script>" not in page and "style=" not in page and " onclick" not in page


def test_facts_are_escaped() -> None:
    business = load_business().copy(deep=True)
    business.services["haircut"].name["fi"] = "<b>leikkaus</b> $price & co"
    page = render(business, "fi")
    assert "&lt;b&gt;leikkaus&lt;/b&gt; &#36;price &amp; co" in page


def test_the_page_of_a_business_that_says_te() -> None:
    business = load_business()
    polite = business.copy(update={"manner": business.manner.copy(update={"address": "te"})})
    for page, addressed, te in (
        (render(business, "fi"), "sinä", False),
        (render(polite, "fi"), "te", True),
    ):
        assert f'address="{addressed}"' in page
        seen = re.findall(r'<span data-in="fi" (hidden)?>(.*?)</span>', page)
        shown = [text for hidden, text in seen if not hidden]
        assert any("missä tilauksenne on" in text for text in shown) == te
        assert any("missä tilauksesi on" in text for text in shown) != te
        assert not te or not [text for text in shown if says_you(text)]


def test_the_widgets_own_words_have_their_te_forms() -> None:
    text = (WEB / "widget" / "labels.js").read_text(encoding="utf-8")
    texts, te = (
        dict(re.findall(r'(\w+): "(.*)"', block))
        for block in re.findall(r"  fi: \{\n(.*?)\n  \},", text, re.DOTALL)
    )
    # what stands on a button tells the page, not the customer
    buttons = {"launcher", "close", "restart", "send", "retry", "image"}
    says_sina = {key for key, each in texts.items() if says_you(each)} - buttons
    assert says_sina == set(te) == {"input", "offline", "you"}
    assert not [each for each in te.values() if says_you(each)]


def test_the_vendored_file_is_the_one_that_its_readme_names() -> None:
    content = (WEB / "vendor" / "socket.io.min.js").read_bytes()
    readme = (WEB / "vendor" / "README.md").read_text(encoding="utf-8")
    assert hashlib.sha256(content).hexdigest() in readme
    assert re.search(rb"Socket\.IO v([\d.]+)", content)[1].decode() in readme
