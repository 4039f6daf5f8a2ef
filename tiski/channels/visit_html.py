"""The markup of the page behind the link of a mail: `web/visit.html`, and the parts that it takes.

Every function takes plain text and gives markup; nothing else puts the two together. Addresses are
relative, so that the desk may stand in a folder of another site.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from string import Template
from urllib.parse import urlencode

from babel import Locale

from tiski import words
from tiski.business import Business
from tiski.paths import ROOT

TEMPLATE: Path = ROOT / "web" / "visit.html"


def page(
    business: Business,
    language: str,
    *,
    title: str,
    parts: Iterable[str],
    address: str,
    query: Mapping[str, str] | None = None,
) -> str:
    """Return the whole page.

    Args:
        business: whose page it is.
        language: of the page.
        title: the heading.
        parts: markup.
        address: where the page is, from its own folder: "" for the address that was asked for.
        query: what else is asked for there; the languages' links keep it.
    """
    names = [
        f'<a href="{_there(address, {**(query or {}), "lang": each})}" lang="{each}"'
        f' hreflang="{each}">{_escaped(_name_of(each))}</a>'
        for each in business.languages
    ]
    contact = business.contact
    place = business.address
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        language=language,
        title=_escaped(title),
        name=_escaped(business.name.get(language)),
        languages=" ".join(names) if len(names) > 1 else "",
        languages_label=_escaped(words.phrase("words_page_languages", language)),
        parts="\n    ".join(parts),
        address=_escaped(f"{place.street}, {place.postcode} {place.city}"),
        phone=_escaped(contact.phone),
        phone_link=re.sub(r"[^+\d]", "", contact.phone),
        email=_escaped(contact.email),
    )


def lead(text: str) -> str:
    """What is said first."""
    return f'<p class="lead">{_escaped(text)}</p>'


def notice(text: str, *, sorry: bool = False) -> str:
    """What has just happened; a screen reader says it first."""
    kind = "notice sorry" if sorry else "notice"
    role = "alert" if sorry else "status"
    return f'<p class="{kind}" role="{role}">{_escaped(text)}</p>'


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """A list of what is known."""
    rows = "".join(
        f"<div><dt>{_escaped(name)}</dt><dd>{_escaped(value)}</dd></div>" for name, value in pairs
    )
    return f'<dl class="facts">{rows}</dl>'


def steps(parts: Iterable[str]) -> str:
    """The things that can be done, one below the other."""
    return f'<div class="steps">{"".join(parts)}</div>'


def link(address: str, query: Mapping[str, str], text: str, *, style: str = "secondary") -> str:
    """A link; `style` is a class of desk.css."""
    return f'<a class="{style}" href="{_there(address, query)}">{_escaped(text)}</a>'


def button(address: str, query: Mapping[str, str], text: str, *, do: str, style: str) -> str:
    """A button that does something, once it is pressed."""
    return (
        f'<form method="post" action="{_there(address, query)}">'
        f'<button class="{style}" name="do" value="{_escaped(do)}">{_escaped(text)}</button></form>'
    )


def times(
    address: str,
    query: Mapping[str, str],
    day: str,
    first: Iterable[tuple[str, str]],
    more: Iterable[tuple[str, str]],
    *,
    more_text: str,
) -> str:
    """The times of one day as buttons, (value, text) each; `more` are behind a fold."""
    shown = "".join(_time(each) for each in first)
    folded = "".join(_time(each) for each in more)
    if folded:
        folded = (
            f"<details><summary>{_escaped(more_text)}</summary>"
            f'<div class="times">{folded}</div></details>'
        )
    return (
        f'<section><h2>{_escaped(day)}</h2><form method="post" action="{_there(address, query)}">'
        f'<input type="hidden" name="do" value="move"><div class="times">{shown}</div>{folded}'
        "</form></section>"
    )


def days(parts: Iterable[str]) -> str:
    """The links to other days."""
    return f'<p class="days">{"".join(parts)}</p>'


def _time(option: tuple[str, str]) -> str:
    value, text = option
    return (
        f'<button class="secondary" name="to" value="{_escaped(value)}">{_escaped(text)}</button>'
    )


def _there(address: str, query: Mapping[str, str]) -> str:
    return _escaped(address + ("?" + urlencode(query) if query else ""))


def _name_of(language: str) -> str:
    name = str(Locale.parse(language).get_display_name(language))
    return name[:1].upper() + name[1:]


def _escaped(text: str) -> str:
    return html.escape(text, quote=True)
