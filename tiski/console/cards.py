"""Rows of the desk's tables as cards of the staff page: plain texts, escaped by who shows them.

A card is a dictionary with these keys, all but `id` and `title` optional:

    id          of the card, the same as long as it is about the same thing
    group       the heading above it
    lead        what stands first: a time
    title       who or what
    who         a name that is not the title
    details     lines of text
    quotes      texts of the customer, word for word
    language    of the quotes
    badges      [{"text", "tone"}]; tone is good, warn, bad or plain
    links       [{"text", "href"}], tel: and mailto: only
    transcript  the code of a ticket whose conversation can be asked for
    is_past     True: over, shown less strongly
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import phonenumbers

from tiski import words
from tiski.answers import dates
from tiski.business import Business
from tiski.console.troubles import Trouble
from tiski.console.unknown import UnknownMessage
from tiski.console.words import kind, word
from tiski.db import tables

Card = dict[str, Any]


class Cards:
    """Makes cards in one language at one moment.

    Args:
        business: for the names of services and people, and for its time zone.
        language: fi or en.
        now: an aware time.
    """

    def __init__(self, business: Business, language: str, now: datetime) -> None:
        self._business = business
        self._language = language
        self._now = now
        self._today = now.astimezone(business.tz).date()

    def appointment(self, row: tables.Appointment) -> Card:
        start, end = self._local(row.starts_at), self._local(row.ends_at)
        badges = []
        if row.status == "cancelled":
            badges.append(self._badge("cancelled", "bad"))
        elif row.starts_at <= self._now < row.ends_at:
            badges.append(self._badge("going_on", "good"))
        if row.late_minutes:
            key = "late" if row.late_minutes > 0 else "early"
            badges.append(self._badge(key, "warn", minutes=abs(row.late_minutes)))
        if row.confirmed_at and row.status == "booked":
            badges.append(self._badge("confirmed", "good"))
        service = self._service(row.service_id)
        return self._card(
            f"appointment-{row.id}",
            row.contact_name,
            group=self._day(start.date()),
            lead=f"{dates.say_clock(start, self._language)}–{dates.say_clock(end, self._language)}",
            details=[_line(service, self._person(row.staff_id), self._code(row.code))],
            quotes=[note.text for note in sorted(row.notes, key=lambda note: note.id)],
            language=row.language,
            badges=badges,
            links=_links(row),
            is_past=row.ends_at <= self._now or row.status == "cancelled",
        )

    def no_more_today(self) -> Card:
        """Stands under today's heading when there is nothing else."""
        return self._card("today", self._word("no_more_today"), group=self._day(self._today))

    def ticket(self, row: tables.Ticket) -> Card:
        return self._card(
            f"ticket-{row.code}",
            kind(row.kind, self._language),
            who=row.contact_name or self._word("no_name"),
            details=[
                *self._promise(row.answer_by),
                _line(row.reference, self._code(row.code), self._came(row.created_at)),
            ],
            quotes=[row.need],
            language=row.language,
            badges=self._overdue(row.answer_by),
            links=_links(row),
            transcript=row.code,
        )

    def lead(self, row: tables.Lead) -> Card:
        wanted = self._word("when_wanted", words=row.when_wanted) if row.when_wanted else None
        budget = None
        if row.budget_cents is not None:
            price = dates.say_price(row.budget_cents, self._language)
            budget = self._word("budget", price=price)
        badges = [self._badge("qualified", "good")] if row.is_qualified else []
        return self._card(
            f"lead-{row.id}",
            row.contact_name,
            details=[
                *filter(None, [_line(wanted, budget)]),
                *self._promise(row.answer_by),
                _line(kind(row.kind, self._language), self._came(row.created_at)),
            ],
            quotes=[row.need],
            language=row.language,
            badges=[*badges, *self._overdue(row.answer_by)],
            links=_links(row),
        )

    def waiting(self, row: tables.WaitingListEntry) -> Card:
        who = self._person(row.staff_id) if row.staff_id else self._word("anyone")
        return self._card(
            f"waiting-{row.id}",
            row.contact_name,
            details=[_line(self._service(row.service_id), who, self._came(row.created_at))],
            quotes=[row.wish],
            language=row.language,
            badges=[self._badge("offered", "good")] if row.status == "offered" else [],
            links=_links(row),
        )

    def order(self, row: tables.Outcome) -> Card:
        tones = {"done": "good", "failed": "bad", "handed_over": "warn", "abandoned": "warn"}
        result = row.result or "going_on"
        return self._card(
            f"order-{row.id}",
            self._word("order", number=row.reference),
            details=[self._moment(row.touched_at)],
            badges=[self._badge(f"result_{result}", tones.get(result, "plain"))],
        )

    def unknown(self, message: UnknownMessage) -> Card:
        return self._card(
            f"unknown-{message.id}",
            "",
            details=[self._moment(message.at)],
            quotes=[message.text],
            badges=[self._badge(f"unknown_{message.intent}", "plain")],
        )

    def feedback(self, row: tables.Feedback) -> Card:
        badges = []
        if row.rating is not None:
            tone = "good" if row.rating >= 4 else "warn" if row.rating == 3 else "bad"
            badges.append(self._badge("rating", tone, rating=row.rating))
        about = self._word("about", what=kind(row.about, self._language)) if row.about else None
        return self._card(
            f"feedback-{row.id}",
            self._word(f"feedback_{row.kind}"),
            details=[_line(about, self._moment(row.created_at))],
            quotes=[row.comment] if row.comment else [],
            language=row.language,
            badges=badges,
        )

    def trouble(self, trouble: Trouble) -> Card:
        person = self._person(trouble.staff_id) if trouble.staff_id else None
        visit, about = trouble.visit, None
        if visit is not None:
            service = self._service(visit.service_id) if visit.service_id else None
            when = dates.say_moment_short(self._local(visit.starts_at), self._language)
            about = _line(service, person, when)
        why = None
        if trouble.why:
            reason = words.phrase(f"words_trouble_{trouble.why}", self._language)
            why = self._word(f"why_{trouble.kind}", why=reason)
        badge = ("not_sent", "bad") if trouble.has_failed else ("tried_again", "warn")
        return self._card(
            trouble.id,
            self._word(f"trouble_{trouble.kind}", person=person or ""),
            who=visit.contact_name if visit else None,
            details=[
                *filter(None, [about, why]),
                *([self._word("perhaps_sent")] if trouble.is_unsure else []),
                self._word("since", moment=self._moment(trouble.since)),
            ],
            badges=[] if trouble.kind == "unread" else [self._badge(*badge)],
            links=_links(visit) if visit else [],
        )

    # --- pieces

    def _card(self, card_id: str, title: str, **rest: Any) -> Card:
        return {"id": card_id, "title": title, **{key: v for key, v in rest.items() if v}}

    def _word(self, key: str, **values: object) -> str:
        return word(key, self._language, **values)

    def _badge(self, key: str, tone: str, **values: object) -> dict[str, str]:
        return {"text": self._word(key, **values), "tone": tone}

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self._business.tz)

    def _day(self, day: date) -> str:
        said = dates.say_day_short(day, self._language)
        for key, ahead in (("today", 0), ("tomorrow", 1)):
            if day == self._today + timedelta(days=ahead):
                return f"{self._word(key)}, {said}"
        return said[:1].upper() + said[1:]

    def _moment(self, moment: datetime) -> str:
        """The time of day; with the day before it unless that is today."""
        local = self._local(moment)
        if local.date() == self._today:
            return self._word("clock", clock=dates.say_clock(local, self._language))
        return dates.say_moment_short(local, self._language)

    def _came(self, moment: datetime) -> str:
        return self._word("came", moment=self._moment(moment))

    def _promise(self, answer_by: datetime | None) -> Iterable[str]:
        if answer_by:
            yield self._word("answer_by", moment=self._moment(answer_by))

    def _overdue(self, answer_by: datetime | None) -> list[dict[str, str]]:
        return [self._badge("overdue", "bad")] if answer_by and answer_by < self._now else []

    def _code(self, code: str) -> str:
        return self._word("code", code=code)

    def _service(self, service_id: str) -> str:
        # what the owner has taken off the page since is named by its id
        service = self._business.services.get(service_id)
        name = service.name.get(self._language) if service else service_id
        return name[:1].upper() + name[1:]

    def _person(self, staff_id: str) -> str:
        person = self._business.staff.get(staff_id)
        return person.name if person else staff_id


def _line(*pieces: str | None) -> str:
    """The pieces that there are, in one line."""
    return " · ".join(piece for piece in pieces if piece)


def _links(row: Any) -> list[dict[str, str]]:
    links = []
    if row.contact_phone:
        links.append({"text": _phone(row.contact_phone), "href": f"tel:{row.contact_phone}"})
    if row.contact_email:
        links.append({"text": row.contact_email, "href": f"mailto:{row.contact_email}"})
    return links


def _phone(number: str) -> str:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL))
