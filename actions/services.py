"""Services and people: what is included, how long it takes, who does it, who is in."""

from __future__ import annotations

from datetime import date, timedelta

from actions.desk_action import DeskAction, Events
from actions.goods import payload
from actions.staff_question import is_about_health, keep_question, pass_to_staff
from actions.turn import Turn
from tiski.answers import dates
from tiski.answers.facts import more_about, service_price
from tiski.business import Service

_MOST_SERVICES = 2
_MOST_DAYS = 7
_DAYS_AHEAD = 30  # how far to look for the next day on which somebody is in


class ShowService(DeskAction):
    """What business.yml tells of a service; what it cannot tell is for a person."""

    action = "action_show_service"

    async def serve(self, turn: Turn) -> Events:
        if is_about_health(turn):
            return pass_to_staff(turn)
        named = list(dict.fromkeys(turn.entities("service"))) or [turn.slot("service")]
        services = [turn.business.services[s] for s in named if s in turn.business.services]
        if not services:
            buttons = [
                {
                    "title": turn.service_title(service),
                    "payload": payload("ask_service_details", service=service),
                }
                for service in turn.business.services
            ]
            turn.say("utter_details_of_which_service", buttons=buttons)
            return []
        for service in services[:_MOST_SERVICES]:
            last = service is services[:_MOST_SERVICES][-1]
            turn.say(
                "utter_service_details",
                service=turn.service_title(service.id),
                description=service.description.get(turn.language),
                facts="\n".join(_facts(turn, service)),
                buttons=_service_buttons(turn, service) if last else [],
            )
        return keep_question(turn)


def _service_buttons(turn: Turn, service: Service) -> list[dict[str, str]]:
    if turn.tracker.active_loop_name:  # a tap would leave what is going on
        return []
    return [
        turn.button("button_book_this", payload("book_appointment", service=service.id)),
        turn.button("button_ask_staff", "/request_human"),
    ]


def _facts(turn: Turn, service: Service) -> list[str]:
    """Lines about a service: length, price, who does it, and what else business.yml tells."""
    people = [turn.business.staff[each].name for each in service.staff]
    lines = [
        turn.words("line_service_length", minutes=service.minutes),
        turn.words("line_service_price", price=service_price(service, turn.language)),
        turn.words("line_service_staff", people=dates.say_list(people, turn.language)),
    ]
    more = more_about(service, turn.language)
    return [*lines, more] if more else lines


class ShowStaff(DeskAction):
    """Who does a service, whether somebody is in, who is in on a day, or who works here."""

    action = "action_show_staff"

    async def serve(self, turn: Turn) -> Events:
        people = [each for each in turn.entities("staff") if each in turn.business.staff]
        service = turn.entity("service")
        if people and service:
            self._say_whether(turn, people[-1], service)
        elif people:
            for person in dict.fromkeys(people):
                self._say_when(turn, person)
        elif service:
            self._say_who_does(turn, service)
        elif _days(turn):
            for day in _days(turn):
                self._say_who_is_in(turn, day)
        else:
            self._say_everybody(turn)
        return []

    def _say_whether(self, turn: Turn, person: str, service: str) -> None:
        """ "Does Mikko do colours?" """
        if person not in turn.business.services[service].staff:
            turn.say("utter_staff_does_not", person=_name(turn, person), service=_of(turn, service))
            self._say_who_does(turn, service)
            return
        turn.say(
            "utter_staff_does",
            person=_name(turn, person),
            service=_of(turn, service),
            buttons=_book_with(turn, [person], service),
        )

    def _say_when(self, turn: Turn, person: str) -> None:
        """ "Is Mikko in today?" """
        days = _days(turn) or [turn.now.date()]
        lines = [
            turn.words("line_hours", day=_day(day, turn), hours=_hours(turn, person, day))
            for day in days
            if turn.business.staff_spans(person, day)
        ]
        buttons = _book_with(turn, [person])
        if not lines:
            following = _next_day_in(turn, person, days[-1])
            turn.say(
                "utter_staff_off" if following else "utter_staff_off_for_now",
                person=_name(turn, person),
                day=_span(turn, days),
                next_day=_day(following, turn) if following else "",
                hours=_hours(turn, person, following) if following else "",
                buttons=buttons if following else [],
            )
        elif len(days) == 1:
            turn.say(
                "utter_staff_in",
                person=_name(turn, person),
                day=_day(days[0], turn),
                hours=_hours(turn, person, days[0]),
                buttons=buttons,
            )
        else:
            turn.say(
                "utter_staff_in_days",
                person=_name(turn, person),
                lines="\n".join(lines),
                buttons=buttons,
            )

    def _say_who_does(self, turn: Turn, service: str) -> None:
        people = turn.business.services[service].staff
        days = _days(turn)
        if len(days) == 1:
            people = [each for each in people if turn.business.staff_spans(each, days[0])] or people
        turn.say(
            "utter_who_does",
            service=turn.service_title(service),
            lines="\n".join(_line(turn, each) for each in people),
            buttons=_book_with(turn, people, service),
        )

    def _say_who_is_in(self, turn: Turn, day: date) -> None:
        people = [each for each in turn.business.staff if turn.business.staff_spans(each, day)]
        said = _day(day, turn)
        if not people:
            turn.say("utter_nobody_in", day=said)
            return
        lines = [
            turn.words("line_hours", day=_name(turn, each), hours=_hours(turn, each, day))
            for each in people
        ]
        turn.say("utter_who_is_in", day=said, lines="\n".join(lines))

    def _say_everybody(self, turn: Turn) -> None:
        people = list(turn.business.staff)
        lines = "\n".join(_line(turn, each) for each in people)
        buttons = _book_with(turn, people)
        turn.say("utter_staff_list", lines=lines, count=len(people), buttons=buttons)


def _days(turn: Turn) -> list[date]:
    """The days that a message names, at most a week of them."""
    days: list[date] = []
    for said in turn.times():
        if said.has_date or said.has_time:
            finish = said.finish or said.begin + timedelta(minutes=1)
            first, last = said.begin.date(), (finish - timedelta(seconds=1)).date()
            count = min((last - first).days + 1, _MOST_DAYS)
            days += [first + timedelta(days=offset) for offset in range(max(1, count))]
    return list(dict.fromkeys(days))[:_MOST_DAYS]


def _next_day_in(turn: Turn, person: str, after: date) -> date | None:
    days = (max(after, turn.now.date()) + timedelta(days=n) for n in range(1, _DAYS_AHEAD + 1))
    return next((day for day in days if turn.business.staff_spans(person, day)), None)


def _hours(turn: Turn, person: str, day: date) -> str:
    spans = turn.business.staff_spans(person, day)
    return ", ".join(dates.say_hours(begin, end, turn.language) for begin, end in spans)


def _day(day: date, turn: Turn) -> str:
    return dates.say_day(day, turn.language)


def _span(turn: Turn, days: list[date]) -> str:
    ends = dict.fromkeys((days[0], days[-1]))
    return "–".join(_day(day, turn) for day in ends)


def _name(turn: Turn, person: str) -> str:
    return str(turn.business.staff[person].name)


def _of(turn: Turn, service: str) -> str:
    return str(turn.business.services[service].name.get(turn.language))


def _line(turn: Turn, person: str) -> str:
    member = turn.business.staff[person]
    return turn.words("line_staff", person=member.name, title=member.title.get(turn.language))


def _book_with(turn: Turn, people: list[str], service: str | None = None) -> list[dict[str, str]]:
    """A button for each person; a tap begins a booking with them."""
    if turn.tracker.active_loop_name:
        return []
    known = {"service": service} if service else {}
    return [
        turn.button(
            "button_book_with",
            payload("book_appointment", staff=each, **known),
            person=_name(turn, each),
        )
        for each in people
    ]
