"""Reading the XML of WebDAV servers, and refusing what is dangerous in it."""

from __future__ import annotations

import pytest

from tiski.booking.calendars.multistatus import DAV, BrokenXml, parts_of

ANSWER = """<?xml version="1.0" encoding="utf-8"?>
<multistatus xmlns="DAV:">
<response><href>/a%20b.ics</href>
<propstat><prop><getetag>"1"</getetag></prop><status>HTTP/1.1 200 OK</status></propstat>
<propstat><prop><displayname>no</displayname></prop><status>HTTP/1.1 404 Not Found</status></propstat>
</response>
<response><href>/gone.ics</href><href>/forbidden.ics</href><status>HTTP/1.1 403 No</status></response>
<response><href>/odd.ics</href><status>what?</status></response>
</multistatus>"""


def test_each_thing_has_its_status_and_what_was_found() -> None:
    found, *refused, odd = parts_of(ANSWER.encode())
    assert (found.href, found.status, found.text(f"{DAV}getetag")) == ("/a%20b.ics", 200, '"1"')
    assert found.text(f"{DAV}displayname") is None
    assert [(part.href, part.status) for part in refused] == [
        ("/gone.ics", 403),
        ("/forbidden.ics", 403),
    ]
    assert odd.status == 500


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><body>Sign in",
        b"<html></html>",
        ANSWER.encode()[:-20],
        b'<?xml version="1.0" encoding="nothing"?><multistatus xmlns="DAV:"/>',
        b'<!DOCTYPE multistatus><multistatus xmlns="DAV:"/>',
        b'<!DOCTYPE m [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
        b'<multistatus xmlns="DAV:"><response><href>&b;</href></response></multistatus>',
        '<!DOCTYPE m [<!ENTITY a SYSTEM "file:///etc/hostname">]><multistatus xmlns="DAV:">'
        "<response><href>&a;</href></response></multistatus>".encode("utf-16"),
    ],
)
def test_what_is_refused(content: bytes) -> None:
    with pytest.raises(BrokenXml) as caught:
        parts_of(content)
    assert caught.value.args == ()


def test_letters_that_no_xml_may_hold_become_spaces() -> None:
    found, *_ = parts_of(ANSWER.replace("a%20b", "a\x0bb\x00").encode())
    assert found.href == "/a b .ics"
