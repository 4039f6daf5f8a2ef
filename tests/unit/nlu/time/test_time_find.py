"""What the tables of cases do not show: values, places, readings, shapes, kinds."""

from __future__ import annotations

from datetime import datetime

import pytest
from one_monday import HELSINKI, MONDAY, at, only

from tiski.nlu.time import KINDS, find_impossible, find_times


class TestValues:
    def test_a_moment(self) -> None:
        span = only("huomenna kello 15")
        assert span.value == "2026-11-24T15:00:00+02:00"
        assert (span.grain, span.has_date, span.has_time) == ("hour", True, True)

    def test_a_day_is_its_beginning(self) -> None:
        span = only("huomenna")
        assert span.value == "2026-11-24T00:00:00+02:00"
        assert (span.grain, span.has_date, span.has_time) == ("day", True, False)

    def test_a_span(self) -> None:
        span = only("huomenna aamupäivällä")
        assert span.value == {
            "from": "2026-11-24T09:00:00+02:00",
            "to": "2026-11-24T12:00:00+02:00",
        }

    @pytest.mark.parametrize(
        ("text", "grain"),
        [
            ("klo 15", "hour"),
            ("klo 15.30", "minute"),
            ("puoli neljä", "minute"),
            ("tiistaina", "day"),
            ("ensi viikolla", "week"),
            ("ensi kuussa", "month"),
            ("heti", "hour"),
        ],
    )
    def test_grain(self, text: str, grain: str) -> None:
        assert only(text).grain == grain

    @pytest.mark.parametrize(
        ("text", "has_date", "has_time"),
        [
            ("kolmelta", False, True),
            ("iltapäivällä", False, True),
            ("tänä iltana", True, True),
            ("perjantaina", True, False),
            ("24.11. klo 9", True, True),
            ("asap", True, True),
            ("in an hour", True, True),
            ("2026-11-24", True, False),
            ("2026-11-24T15:00:00+02:00", True, True),
        ],
    )
    def test_what_was_said(self, text: str, has_date: bool, has_time: bool) -> None:
        span = only(text)
        assert (span.has_date, span.has_time) == (has_date, has_time)

    def test_a_time_shared_by_two_days_is_said_for_both(self) -> None:
        first, second = find_times("ti tai ke klo 15", now=MONDAY)
        assert (first.text, second.text) == ("ti", "ke klo 15")
        assert first.has_time and second.has_time

    def test_other_zones_are_turned_into_that_of_now(self) -> None:
        assert only("2026-11-24T13:00:00Z").value == "2026-11-24T15:00:00+02:00"


class TestPosition:
    def test_offsets_are_those_of_the_original_text(self) -> None:
        text = "Moi 👋! Käykö Huomenna  kello 15?"
        span = only(text)
        assert text[span.start : span.end] == span.text == "Huomenna  kello 15"

    def test_decomposed_letters(self) -> None:
        text = "ta\u0308na\u0308a\u0308n"
        span = only(text)
        assert (span.start, span.end) == (0, len(text))

    def test_far_apart_date_and_time_stand_where_the_date_stands(self) -> None:
        span = only("onko huomenna leikkausaikoja vapaana kolmelta")
        assert (span.text, span.begin.hour) == ("huomenna", 15)


class TestReadings:
    def test_the_hour_at_which_the_business_is_open(self) -> None:
        at_night = only("huomenna kolmelta", is_open=lambda moment: moment.hour < 6)
        assert at_night.begin.hour == 3
        assert [other.begin.hour for other in at_night.alternatives] == [15]

    def test_without_opening_hours_the_usual_ones(self) -> None:
        assert only("huomenna kahdeksalta").begin.hour == 8
        assert only("huomenna seitsemältä").begin.hour == 19

    def test_a_closed_day_leaves_the_usual_hours(self) -> None:
        assert only("sunnuntaina kolmelta", is_open=lambda moment: False).begin.hour == 15

    def test_an_hour_of_24_has_no_other_reading(self) -> None:
        assert only("huomenna klo 15").alternatives == ()
        assert only("huomenna klo 09:00").alternatives == ()

    def test_a_part_of_day_decides(self) -> None:
        span = only("huomenna aamulla kahdeksalta")
        assert (span.begin.hour, span.alternatives) == (8, ())

    def test_today_counts_while_the_business_is_still_open(self) -> None:
        def is_open(moment: datetime) -> bool:
            return 9 <= moment.hour < 18

        assert only("maanantaina", is_open=is_open).begin == at("2026-11-23")
        late = MONDAY.replace(hour=18, minute=30)
        span = only("maanantaina", now=late, is_open=is_open)
        assert span.begin == at("2026-11-30")
        assert [other.begin for other in span.alternatives] == [at("2026-11-23")]

    def test_next_friday_has_the_coming_one_beside_it(self) -> None:
        span = only("ensi perjantaina klo 15")
        assert span.begin == at("2026-12-04 15:00")
        assert [other.begin for other in span.alternatives] == [at("2026-11-27 15:00")]


class TestEntity:
    def test_a_value(self) -> None:
        entity = only("varaisin huomenna kolmelta").as_entity()
        assert entity == {
            "entity": "time",
            "start": 9,
            "end": 26,
            "text": "huomenna kolmelta",
            "value": "2026-11-24T15:00:00+02:00",
            "additional_info": {
                "type": "value",
                "value": "2026-11-24T15:00:00+02:00",
                "grain": "hour",
                "values": [
                    {"type": "value", "value": "2026-11-24T03:00:00+02:00", "grain": "hour"}
                ],
                "has_date": True,
                "has_time": True,
            },
        }

    def test_an_interval(self) -> None:
        info = only("huomenna 12-14").as_entity()["additional_info"]
        assert info["type"] == "interval"
        assert (info["from"], info["to"]) == (
            "2026-11-24T12:00:00+02:00",
            "2026-11-24T14:00:00+02:00",
        )
        assert info["values"] == []


class TestImpossible:
    @pytest.mark.parametrize(
        ("text", "pieces"),
        [
            ("kävisikö 31.2.", ["31.2."]),
            ("31.11. klo 12", ["31.11."]),
            ("Feb 30 at 3", ["Feb 30"]),
            ("the 31st of november", ["the 31st of november"]),
            ("29.2.2027", ["29.2.2027"]),
            ("huomenna klo 25", ["klo 25"]),
            ("huomenna 25:00", ["25:00"]),
            ("klo 15:75", ["15:75"]),
            ("at 13:60", ["13:60"]),
            ("31/11", ["31/11"]),
            ("marraskuun 31. päivä", ["marraskuun 31. päivä"]),
            ("viikolla 54", ["viikolla 54"]),
            ("31.2. tai 30.2.", ["31.2.", "30.2."]),
        ],
    )
    def test_is_listed(self, text: str, pieces: list[str]) -> None:
        assert find_impossible(text) == pieces

    @pytest.mark.parametrize(
        "text",
        [
            "29.2.",
            "29.2.2028",
            "huomenna klo 15.30.",
            "hinta oli 45.90.",
            "50/50",
            "tilaus 10234",
            "045 555 0101",
            "arvosana 9.5",
            "klo 24",
            "moi",
            "",
        ],
    )
    def test_is_empty_otherwise(self, text: str) -> None:
        assert find_impossible(text) == []

    def test_the_leap_day_waits_for_its_year(self) -> None:
        assert only("29.2.").begin == at("2028-02-29")


class TestClocksThatAreMoved:
    def test_an_hour_that_is_left_out_is_the_one_after(self) -> None:
        saturday = datetime(2027, 3, 27, 10, 0, tzinfo=HELSINKI)
        assert only("huomenna klo 9", now=saturday).value == "2027-03-28T09:00:00+03:00"
        assert only("28.3.2027 klo 03:30", now=saturday).value == "2027-03-28T04:30:00+03:00"

    def test_of_an_hour_that_comes_twice_the_first(self) -> None:
        saturday = datetime(2026, 10, 24, 10, 0, tzinfo=HELSINKI)
        assert only("tomorrow 03:30", now=saturday).value == "2026-10-25T03:30:00+03:00"

    def test_hours_from_now_are_real_hours(self) -> None:
        night = datetime(2027, 3, 28, 2, 30, tzinfo=HELSINKI)
        assert only("tunnin päästä", now=night).value == "2027-03-28T04:30:00+03:00"


class TestKinds:
    """What is no time to meet at is found only where it is asked for."""

    @pytest.mark.parametrize(
        ("text", "kind", "value"),
        [
            ("for two hours", "duration", ("length", "2 hours")),
            ("90 minuutiksi", "duration", ("length", "90 minutes")),
            ("every second friday", "recurrence", ("every", "2 weeks")),
            ("pian", "vague", None),
        ],
    )
    def test_is_marked(self, text: str, kind: str, value: tuple[str, str] | None) -> None:
        span = only(text, kinds=KINDS)
        assert span.kind == kind
        info = span.as_entity()["additional_info"]
        assert value is None or info[value[0]] == value[1]
        assert find_times(text, now=MONDAY) == []

    def test_a_duration_is_an_entity_of_its_own(self) -> None:
        assert only("for two hours", kinds=KINDS).as_entity()["entity"] == "duration"

    def test_only_known_kinds(self) -> None:
        with pytest.raises(ValueError, match="expected of"):
            find_times("now", now=MONDAY, kinds=frozenset({"season"}))

    @pytest.mark.parametrize(
        ("text", "shift"),
        [("three hours later", True), ("kolme tuntia aiemmin", True), ("in three hours", False)],
    )
    def test_later_may_be_counted_from_another_moment(self, text: str, shift: bool) -> None:
        assert only(text).shift is shift

    def test_pieces_that_stand_apart(self) -> None:
        text = "onko huomenna leikkausaikoja vapaana kolmelta"
        assert [text[begin:end] for begin, end in only(text).pieces] == ["huomenna", "kolmelta"]


def test_now_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="expected an aware datetime"):
        find_times("huomenna", now=datetime(2026, 11, 23))
