"""Reads the "multistatus" answers of WebDAV (RFC 4918, 13): one status for each of many things."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

DAV = "{DAV:}"
CALDAV = "{urn:ietf:params:xml:ns:caldav}"
CALENDAR_SERVER = "{http://calendarserver.org/ns/}"

# No XML may hold them, but servers pass on what an imported event holds. One such event must not
# hide all others. In UTF-8 these bytes stand for nothing else.
_NO_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class BrokenXml(Exception):
    """An answer that is not such XML. Holds none of it."""


@dataclass(frozen=True)
class Part:
    """What an answer says of one thing.

    Attributes:
        href: its address, as the server wrote it.
        status: of the thing itself; 200 where only its properties have one.
        properties: those that were found (status 2xx), by their names as "{namespace}name".
    """

    href: str
    status: int
    properties: dict[str, Element]

    def text(self, name: str) -> str | None:
        """Return a property's text; None when it was not found, or is empty."""
        found = self.properties.get(name)
        return (found.text or None) if found is not None else None


class _Builder(ElementTree.TreeBuilder):
    """Refuses a document type, and with it entities that grow without end or read files."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise BrokenXml


def parts_of(content: bytes) -> list[Part]:
    """Read an answer.

    Raises:
        BrokenXml: see there.
    """
    if not content.startswith((b"\xfe\xff", b"\xff\xfe")):  # UTF-16 has such bytes
        content = _NO_XML.sub(b" ", content)
    try:
        root = ElementTree.fromstring(content, ElementTree.XMLParser(target=_Builder()))
    except (ElementTree.ParseError, ValueError, LookupError):  # LookupError: an unknown encoding
        raise BrokenXml from None
    if root.tag != f"{DAV}multistatus":
        raise BrokenXml
    return [
        _part(response, href)
        for response in root.iter(f"{DAV}response")
        for href in response.findall(f"{DAV}href")
    ]


def _part(response: Element, href: Element) -> Part:
    properties: dict[str, Element] = {}
    for group in response.findall(f"{DAV}propstat"):
        found = group.find(f"{DAV}prop")
        if found is not None and 200 <= _status(group, otherwise=200) < 300:
            properties.update((element.tag, element) for element in found)
    return Part((href.text or "").strip(), _status(response, otherwise=200), properties)


def _status(element: Element, *, otherwise: int) -> int:
    """Read e.g. "HTTP/1.1 404 Not Found"."""
    found = element.findtext(f"{DAV}status")
    if found is None:
        return otherwise
    matched = re.match(r"\s*HTTP/\S+\s+(\d{3})", found)
    return int(matched.group(1)) if matched else 500
