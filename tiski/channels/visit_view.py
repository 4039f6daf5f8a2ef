"""What the page of an appointment shows in each of its states, in words of data/words/visit_page.yml.

Never the customer's name, e-mail, phone or booking code: a link may be passed on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from tiski import words
from tiski.answers import dates
from tiski.answers.visits import visit_facts
from tiski.booking.appointments import Appointment, may_cancel_free
from tiski.booking.openings import Opening
from tiski.business import Business
from tiski.channels import visit_html

#: of each day so many times are shown; the rest is behind a fold
TIMES_SHOWN = 4
_FACTS = ("service", "person", "when", "minutes", "price", "address")


def state_of(appointment: Appointment, now: datetime) -> str:
    """Return booked, begun, over, cancelled, held, or passed (was held, and not taken)."""
    if appointment.status == "held":
        is_kept = appointment.held_until is not None and appointment.held_until > now
        return "held" if is_kept else "passed"
    if appointment.status != "booked":
        return "passed" if appointment.held_until else "cancelled"
    if appointment.ends_at <= now:
        return "over"
    return "begun" if appointment.starts_at <= now else "booked"


@dataclass(frozen=True)
class Days:
    """Openings of some days, and where the days before and after them begin."""

    openings: Sequence[Opening]
    earlier: date | None
    later: date | None


class View:
    """The pages of one request.

    Args:
        business: whose page it is.
        language: of the page.
        address: the last part of the page's address: the token, or "" where it is worth nothing.
    """

    def __init__(self, business: Business, language: str, address: str) -> None:
        self._business = business
        self._language = language
        self._address = address
        self._in_language = {"lang": language}

    def of_state(self, appointment: Appointment, now: datetime, done: str | None = None) -> str:
        """The appointment as it stands.

        Args:
            appointment: as it is now.
            now: aware.
            done: what has just been done: moved, cancelled, taken or declined.
        """
        state = state_of(appointment, now)
        facts = self._facts(appointment)
        parts = [visit_html.notice(self._word(f"words_page_done_{done}"))] if done else []
        said = self._word(f"words_page_lead_{state}", **facts)
        parts.append(visit_html.lead(said))
        if state in ("booked", "held", "begun"):
            parts.append(self._list(facts))
        parts.append(visit_html.steps(self._steps(state)))
        return self._page(f"words_page_title_{state}", parts)

    def of_moving(
        self, appointment: Appointment, days: Days, *, first: date | None, gone: str | None = None
    ) -> str:
        """The times that it can be moved to.

        Args:
            appointment: that is moved.
            days: the times.
            first: the day that was asked for; None: none in particular.
            gone: taken or other, when the time that was chosen cannot be had.
        """
        facts = self._facts(appointment)
        parts = []
        if gone:
            parts.append(visit_html.notice(self._word(f"words_page_gone_{gone}"), sorry=True))
        parts.append(visit_html.lead(self._word("words_page_lead_move", **facts)))
        parts += [
            self._day(appointment, day, list(group))
            for day, group in groupby(days.openings, lambda each: each.starts_at.date())
        ]
        if not days.openings:
            parts.append(visit_html.lead(self._word("words_page_nothing_free", **facts)))
        others = [
            visit_html.link(
                self._address, self._asking("move", {"from": day.isoformat()}), self._word(key),
                style="other",
            )
            for key, day in (
                ("words_page_earlier_days", days.earlier),
                ("words_page_later_days", days.later),
            )
            if day
        ]  # fmt: skip
        if others:
            parts.append(visit_html.days(others))
        parts += [visit_html.steps([self._write()]), self._back()]
        query = {"ask": "move", **({"from": first.isoformat()} if first else {})}
        return self._page("words_page_title_move", parts, query=query)

    def of_cancelling(self, appointment: Appointment, now: datetime) -> str:
        """The question whether it shall be cancelled, and what that costs."""
        if may_cancel_free(self._business, appointment, now):
            said = self._word("words_page_lead_cancel_free")
        else:
            policy = self._business.policies.cancellation
            said = self._word(
                "words_page_lead_cancel_late",
                hours=str(self._business.booking.free_cancellation_hours),
                cancellation=policy.get(self._language) if policy else "",
            )
        parts = [
            self._list(self._facts(appointment)),
            visit_html.lead(said.strip()),
            visit_html.steps(
                [
                    self._do("cancel", "button_yes_cancel", style="primary"),
                    self._link({}, "button_keep"),
                ]
            ),
        ]
        return self._page("words_page_title_cancel", parts, query={"ask": "cancel"})

    def of_bad_link(self) -> str:
        """The answer to every token that is worth nothing, whatever is wrong with it."""
        said = self._word("words_page_lead_link", phone=self._business.contact.phone)
        chat = visit_html.link("../", self._in_language, self._word("button_write_to_us"))
        return self._page(
            "words_page_title_link", [visit_html.lead(said), visit_html.steps([chat])]
        )

    def of_trouble(self) -> str:
        """The answer when the database or a calendar does not."""
        said = self._word("words_page_lead_trouble", phone=self._business.contact.phone)
        again = self._link({}, "button_try_again", style="primary")
        return self._page(
            "words_page_title_trouble", [visit_html.lead(said), visit_html.steps([again])]
        )

    # --- parts ---------------------------------------------------------------------------------

    def _steps(self, state: str) -> list[str]:
        if state == "booked":
            calendar = visit_html.link(
                f"{self._address}/visit.ics", self._in_language,
                self._word("button_add_to_calendar"),
            )  # fmt: skip
            return [
                self._link(self._asking("move"), "button_reschedule", style="primary"),
                self._link(self._asking("cancel"), "button_cancel_appointment"),
                calendar,
                self._write(),
            ]
        if state == "held":
            return [
                self._do("take", "button_take_time", style="primary"),
                self._do("decline", "button_no", style="secondary"),
                self._write(),
            ]
        return [self._write()]

    def _day(self, appointment: Appointment, day: date, openings: list[Opening]) -> str:
        usual = appointment.starts_at.astimezone(self._business.tz)

        def distance(opening: Opening) -> int:
            start = opening.starts_at
            return abs(60 * (start.hour - usual.hour) + start.minute - usual.minute)

        nearest = sorted(openings, key=distance)[:TIMES_SHOWN]
        shown = [each for each in openings if each in nearest]
        hidden = [each for each in openings if each not in nearest]
        title = dates.say_day(day, self._language)
        return visit_html.times(
            self._address,
            self._in_language,
            title[:1].upper() + title[1:],
            [self._option(each, appointment) for each in shown],
            [self._option(each, appointment) for each in hidden],
            more_text=self._word("words_page_more_times"),
        )

    def _option(self, opening: Opening, appointment: Appointment) -> tuple[str, str]:
        text = dates.say_clock(opening.starts_at, self._language)
        if opening.staff_id != appointment.staff_id:
            text = f"{text}, {self._business.staff[opening.staff_id].name}"
        return f"{opening.starts_at.isoformat()}/{opening.staff_id}", text

    def _facts(self, appointment: Appointment) -> dict[str, Any]:
        facts = visit_facts(
            self._business,
            self._language,
            service_id=appointment.service_id,
            staff_id=appointment.staff_id,
            starts_at=appointment.starts_at,
        )
        until = appointment.held_until
        facts["held_until"] = (
            dates.say_moment(until.astimezone(self._business.tz), self._language) if until else ""
        )
        return facts

    def _list(self, facts: dict[str, Any]) -> str:
        told = {**facts, "minutes": f"{facts['minutes']} min" if facts["minutes"] else ""}
        return visit_html.facts(
            (self._word(f"words_page_fact_{fact}"), told[fact]) for fact in _FACTS if told[fact]
        )

    def _write(self) -> str:
        query = {"visit": self._address, **self._in_language}
        return visit_html.link("../", query, self._word("button_write_to_us"))

    def _back(self) -> str:
        return visit_html.link(
            self._address, self._in_language, self._word("words_page_back"), style="back"
        )

    def _link(self, query: dict[str, str], key: str, style: str = "secondary") -> str:
        query = query or self._in_language
        return visit_html.link(self._address, query, self._word(key), style=style)

    def _do(self, what: str, key: str, *, style: str) -> str:
        return visit_html.button(
            self._address, self._in_language, self._word(key), do=what, style=style
        )

    def _asking(self, what: str, more: dict[str, str] | None = None) -> dict[str, str]:
        return {"ask": what, **(more or {}), **self._in_language}

    def _word(self, key: str, **values: Any) -> str:
        return words.phrase(key, self._language, **values)

    def _page(self, title: str, parts: list[str], query: dict[str, str] | None = None) -> str:
        return visit_html.page(
            self._business,
            self._language,
            title=self._word(title),
            parts=parts,
            address=self._address,
            query=query,
        )
