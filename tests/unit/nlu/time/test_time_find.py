"""What the tables of cases do not show: readings, shapes, errors, odd input, long input."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from textwrap import dedent
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiski.nlu.time import KINDS, TimeSpan, find, find_impossible, find_times, supported_languages
from tiski.nlu.time import tokens as tokens_module
from tiski.nlu.time.grammar import TAGS
from tiski.nlu.time.lexicon import Lexicon
from tiski.nlu.time.tables import TableError, read_language
from tiski.nlu.time.tokens import tokenize

HELSINKI = ZoneInfo("Europe/Helsinki")
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=HELSINKI)


def only(text: str, **options: object) -> TimeSpan:
    """The single time expression of a text."""
    (span,) = find_times(text, **{"now": MONDAY, **options})  # type: ignore[arg-type]
    return span


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HELSINKI)


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


class TestLanguages:
    def test_both_are_supported(self) -> None:
        assert supported_languages() == ["en", "fi"]

    def test_half_means_another_half(self) -> None:
        assert only("puoli kolme").begin == at("2026-11-23 14:30")
        assert only("half three").begin == at("2026-11-23 15:30")

    def test_only_the_language_asked_for_is_read(self) -> None:
        assert find_times("tomorrow", now=MONDAY, language="fi") == []

    def test_an_unknown_language_counts_as_none(self) -> None:
        assert only("tomorrow", language="xx").begin == at("2026-11-24")

    def test_tables_use_the_tags_of_the_grammar(self) -> None:
        for folder in find.LANGUAGES.glob("*/"):
            phrases = read_language(folder).phrases if folder.is_dir() else {}
            used = {tag for meaning in phrases.values() for tag, _ in meaning}
            assert used <= set(TAGS)

    def test_another_language_is_another_folder(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        swedish = _folder(
            tmp_path / "sv",
            words="""
                sets:
                  day: ["", en]
                phrases:
                  weekday tuesday: ["tisdag{day}"]
                  half_before: [halv]
                  filler: [på]
                  day 0 + part evening: [ikväll]
                parts:
                  evening: {hours: [17, 21], half: pm}
                numbers:
                  - {tag: number, from_one: [[ett], [två], [tre], [fyra]], teens: ton}
                compounds:
                  - first: {weekday tuesday: [tisdags]}
                    join: ["", " "]
                    then: {part evening: [kväll]}
            """,
            settings="settings: {hints: [jag]}",
        )
        lexicons = {**find._lexicons(), "sv": Lexicon(read_language(swedish))}
        monkeypatch.setattr(find, "_lexicons", lambda: lexicons)
        assert only("på tisdagen halv fyra").begin == at("2026-11-24 15:30")
        assert only("tisdagskväll").begin == at("2026-11-24 17:00")
        assert only("ikväll").begin == at("2026-11-23 17:00")


def _folder(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / f"{name}.yml").write_text(dedent(content), encoding="utf-8")
    return folder


class TestTables:
    @pytest.mark.parametrize(
        ("content", "complaint"),
        [
            ("phrases: {or: [tai], and: [tai]}", "phrase 'tai' means .*expected one meaning"),
            ("phrases: {weekday someday: [joskus]}", "'weekday someday': not understood"),
            ("phrases: {part dawn: [aamu]}", "'part dawn': not understood"),
            ("phrases: {unit 1 moons: [kuu]}", "'unit 1 moons': not understood"),
            ("phrases: {week 0 tail: [loppu]}", "'week 0 tail': not understood"),
            ("phrases: {holiday doomsday: [loppu]}", "'holiday doomsday': not understood"),
            ("phrases: {vague never: [ei]}", "'vague never': not understood"),
            ("phrases: {}\nparts: {dawn: {half: am}}", "'dawn': expected `hours"),
            ("phrases: {strange 1: [outo]}", "'strange 1': not understood"),
        ],
    )
    def test_a_fault_names_file_and_entry(
        self, tmp_path: Path, content: str, complaint: str
    ) -> None:
        with pytest.raises(TableError, match=rf"xx/words\.yml.*{complaint}"):
            read_language(_folder(tmp_path / "xx", words=content))

    def test_a_set_must_be_there(self, tmp_path: Path) -> None:
        with pytest.raises(TableError, match=r"xx: 'a\{b\}': there is no set 'b'"):
            read_language(_folder(tmp_path / "xx", words="phrases: {filler: ['a{b}']}"))

    def test_what_is_corrected_must_be_a_phrase(self, tmp_path: Path) -> None:
        folder = _folder(
            tmp_path / "xx",
            words="phrases: {or: [tai]}",
            settings="settings: {corrected: [huomenna]}",
        )
        with pytest.raises(TableError, match="xx: corrected: 'huomenna' is no phrase"):
            read_language(folder)

    def test_reading_is_quick(self) -> None:
        began = time.process_time()
        read_language(find.LANGUAGES / "fi")
        assert time.process_time() - began < 2  # some 0.1 s on an idle core


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


@pytest.mark.parametrize("text", ["", " ", "\n\t", "?!", "💇‍♀️💇", "\u0000", "١٥:٣٠", "a" * 5000])
def test_nothing_in_it(text: str) -> None:
    assert find_times(text, now=MONDAY) == []


@pytest.mark.parametrize(
    "text", ["in 99999999 days", "9999 vuoden päästä", "in 900 years", "1.1.0000"]
)
def test_beyond_the_calendar(text: str) -> None:
    assert all(span.begin.year < 10000 for span in find_times(text, now=MONDAY))


_PIECES = st.sampled_from(
    re.findall(
        r"\S+",
        "huomenna tomorrow klo at 3 15 15.30 3.12. 31.2. ti la to ensi next viikolla week 48 tai or "
        "ja and ei not eiku vaan kolmelta kolmen jälkeen after ennen before between välillä 12-14 - "
        "puoli half past quarter to vaille päivä the 24th of november joulukuun , . ? : / in päästä "
        "days viikon 2 pm noon aamulla from until heti 0 00 99 2026 €",
    )
)


@settings(derandomize=True, database=None, deadline=None, max_examples=400)
@given(st.lists(_PIECES, max_size=14).map(" ".join), st.booleans())
def test_any_mixture_of_words_is_read_without_fault(text: str, expect_time: bool) -> None:
    find_impossible(text)
    last = 0
    for span in find_times(text, now=MONDAY, expect_time=expect_time):
        assert text[span.start : span.end] == span.text
        assert span.finish is None or span.begin < span.finish
        assert span.start >= last
        last = span.end
        assert span.as_entity()["value"] == span.value


@settings(derandomize=True, database=None, deadline=None, max_examples=200)
@given(st.text(max_size=60))
def test_any_text_is_read_without_fault(text: str) -> None:
    for span in find_times(text, now=MONDAY):
        assert text[span.start : span.end] == span.text


_DAYS = st.dates(min_value=datetime(2026, 11, 24).date(), max_value=datetime(2027, 11, 22).date())
_CLOCKS = st.tuples(st.integers(8, 19), st.sampled_from([0, 5, 10, 15, 20, 30, 40, 45, 50, 55]))
_FI_MONTHS = [
    "tammi",
    "helmi",
    "maalis",
    "huhti",
    "touko",
    "kesä",
    "heinä",
    "elo",
    "syys",
    "loka",
    "marras",
    "joulu",
]
_FI_DAYS = [
    "maanantaina",
    "tiistaina",
    "keskiviikkona",
    "torstaina",
    "perjantaina",
    "lauantaina",
    "sunnuntaina",
]
_EN_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
# how a day and a clock time are written; the round trip must give them back
_WRITTEN: dict[str, Callable[[datetime], str]] = {
    "fi, figures": lambda when: f"{when.day}.{when.month}. klo {when:%H.%M}",
    "fi, with the year": lambda when: f"{when.day}.{when.month}.{when.year} klo {when:%H:%M}",
    "fi, words": lambda when: f"{when.day}. {_FI_MONTHS[when.month - 1]}kuuta kello {when:%H.%M}",
    "fi, weekday": lambda when: (
        f"{_FI_DAYS[when.weekday()]} {when.day}.{when.month}. klo {when:%H.%M}"
    ),
    "en, figures": lambda when: f"{when.day}/{when.month}/{when.year} at {when:%H:%M}",
    "en, words": lambda when: f"{when:%B} {when.day} at {when:%H:%M}",
    "en, day first": lambda when: f"{when.day} {when:%B} {when.year}, {when:%I:%M %p}",
    "en, weekday": lambda when: (
        f"{_EN_DAYS[when.weekday()]} the {when.day}th of {when:%B} at {when:%H:%M}"
    ),
    "either, ISO": lambda when: f"{when:%Y-%m-%dT%H:%M}",
}


@pytest.mark.parametrize("way", _WRITTEN, ids=lambda way: way)
@settings(derandomize=True, database=None, deadline=None, max_examples=60)
@given(day=_DAYS, clock=_CLOCKS)
def test_a_date_and_a_time_are_read_back(way: str, day: date, clock: tuple[int, int]) -> None:
    when = datetime(day.year, day.month, day.day, *clock, tzinfo=HELSINKI)
    language = way.split(",")[0]
    span = only(_WRITTEN[way](when), language=None if language == "either" else language)
    assert (span.begin, span.finish) == (when, None)


@settings(derandomize=True, database=None, deadline=None, max_examples=60)
@given(hour=st.integers(1, 12), minutes=st.sampled_from([0, 15, 30, 45]))
def test_clock_times_in_words_are_read_back(hour: int, minutes: int) -> None:
    finnish = [
        "yksi",
        "kaksi",
        "kolme",
        "neljä",
        "viisi",
        "kuusi",
        "seitsemän",
        "kahdeksan",
        "yhdeksän",
        "kymmenen",
    ]
    finnish += ["yksitoista", "kaksitoista"]
    english = [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ]
    said = {
        0: ("kello {0}", "{0} o'clock"),
        15: ("varttia yli {0}", "quarter past {0}"),
        30: ("puoli {1}", "half past {0}"),
        45: ("varttia vaille {1}", "quarter to {1}"),
    }[minutes]
    for words, phrase, language in ((finnish, said[0], "fi"), (english, said[1], "en")):
        text = phrase.format(words[hour - 1], words[hour % 12])
        span = only(f"{text}", language=language)
        assert (span.begin.hour % 12, span.begin.minute) == (hour % 12, minutes)


@pytest.mark.parametrize(
    "unit",
    ["klo klo klo 1 1 1 ", "1.1.", "1-1-", "ti tai ", "ei torstaina ", "a", "a@", "0 00 ", "+358 "],
)
def test_hostile_input_costs_little(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice the input costs about twice as much, measured without the bound on the length."""
    monkeypatch.setattr(tokens_module, "MAX_TOKENS", 10**6)
    monkeypatch.setattr(tokens_module, "MAX_CHARACTERS", 10**6)
    once = _fastest((unit * 1000)[:1000])
    four_times = _fastest((unit * 4000)[:4000])
    # a quadratic reading would take 16 times as long
    assert four_times < 10 * once + timedelta(milliseconds=20)


def test_long_messages_are_cut() -> None:
    assert len(tokenize("1 " * 5000)) == tokens_module.MAX_TOKENS
    assert tokenize("x" * 5000)[0].end == tokens_module.MAX_CHARACTERS


def _fastest(text: str) -> timedelta:
    def once() -> float:
        begin = time.process_time()
        find_times(text, now=MONDAY)
        return time.process_time() - begin

    return timedelta(seconds=min(once() for _ in range(3)))
