"""tiski/nlu/names.py: services and staff of business.yml in messages, in any inflection."""

from __future__ import annotations

import pytest

from tiski.nlu.entities import BusinessExtractor
from tiski.nlu.names import Named, NameFinder


@pytest.fixture(scope="module")
def extractor() -> BusinessExtractor:
    return BusinessExtractor({})


def named(extractor: BusinessExtractor, text: str, asked: str | None = None) -> list[str]:
    return [entity["value"] for entity in extractor.find(text, asked, None, [])]


SERVICES = {
    "haircut": [
        "hiustenleikkaukseen", "hiustenleikkuuseen", "leikkauksen", "leikkaus", "leikkausaika",
        "leikkausaikaa", "tukan leikkuu", "tukka poikki", "haircut", "haircuts", "a trim",
        "trimming", "Hiusten leikkauksesta",
    ],
    "short_haircut": [
        "parturiin", "parturille", "parturiaika", "parturiajan", "miesten leikkaukseen", "siilin",
        "men's haircut", "mens haircut", "a fade",
    ],
    "kids_haircut": [
        "lastenleikkaukseen", "lapsen leikkaus", "pojan tukka", "kids haircut", "kid's cut",
        "kids' haircut",
    ],
    "fringe_trim": ["otsatukan leikkaukseen", "otsatukkaa", "otsis", "bangs", "my fringe"],
    "beard_trim": ["parran muotoiluun", "parran siistimiseen", "partaa", "parta", "shave"],
    "roots_colour": [
        "tyvivärjäykselle", "tyvivarjaykseen", "tyven värjäys", "juurikasvun värjäykseen",
        "root touch-up",
    ],
    "colour": [
        "värjäyksen", "värjäykseen", "värjäyksestä", "varjaykseen", "varjays", "värin", "väriä",
        "värjäys ja leikkaus", "coloured", "hair dye", "Värjäys",
    ],
    "highlights": ["raidoituksen", "raidoitukseen", "raidat", "highlights", "a highlight"],
    "styling": ["kampauksen", "kampaukseen", "juhlakampausta", "hääkampaus", "an updo"],
    "blow_dry": ["föönaukseen", "foonaus", "pesuun ja föönaukseen", "blow dry", "blow-dry"],
    "hair_treatment": ["hoitoon", "hoidon", "tehohoitoa", "treatments"],
    "brow_tint": [
        "kulmien kestovärjäykseen", "kulmat ja ripset", "ripsiin", "kulmien kestoväri", "eyebrows",
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("service", "text"), [(service, text) for service, texts in SERVICES.items() for text in texts]
)
def test_a_service_in_any_form(extractor: BusinessExtractor, service: str, text: str) -> None:
    assert named(extractor, text) == [service]


STAFF = {
    "aino": ["Aino", "ainolle", "Ainolla", "Ainon kanssa", "Ainolta", "Ainoa"],
    "mikko": ["Mikko", "Mikolle", "mikon", "Mikkoa", "Mikolta", "mikko"],
    "sara": ["Sara", "Saralla", "saran", "Saraa", "Saaralle", "Sarah", "Sarah's"],
    "leevi": ["Leevi", "Leeville", "leevin", "Leeviltä", "Levi"],
}


@pytest.mark.parametrize(
    ("staff", "text"), [(staff, text) for staff, texts in STAFF.items() for text in texts]
)
def test_a_member_of_staff_in_any_form(extractor: BusinessExtractor, staff: str, text: str) -> None:
    assert named(extractor, text) == [staff]


@pytest.mark.parametrize(
    "text",
    [
        "kampaamo", "kampaamoon", "kampaaja", "kampaajalle", "the hairdresser", "hoitoaine",
        "hoitoainetta", "partaöljy", "partakone", "leikkuukone", "trimmer", "hiusöljy", "hiusharja",
        "shampoo", "lahjakortti", "varaus", "varata aika", "varmasti", "varis", "tasan kolmelta",
        "tukala tilanne", "cute", "the cutest", "weekend", "sarana", "levitä", "leveä",
        "aina", "ainakin", "ainoa aika", "ainoastaan", "mikä", "mikään", "mikroaalto", "hoitaa",
    ],
)  # fmt: skip
def test_words_that_only_look_alike(extractor: BusinessExtractor, text: str) -> None:
    assert named(extractor, text) == []


def test_the_longest_name_wins_and_nothing_is_named_twice(extractor: BusinessExtractor) -> None:
    assert named(extractor, "tyvivärjäys, ei värjäys") == ["roots_colour", "colour"]
    assert named(extractor, "raidat pitkiin hiuksiin") == ["highlights"]
    assert named(extractor, "haluisin Mikolle hiustenleikkaukseen") == ["mikko", "haircut"]


@pytest.mark.parametrize(
    "text",
    ["kuka vain", "kuka vaan käy", "ihan sama kuka", "ei väliä kenelle", "anyone", "whoever is free",
     "doesn't matter who"],
)  # fmt: skip
def test_anybody_will_do(extractor: BusinessExtractor, text: str) -> None:
    assert named(extractor, text) == ["any"]


@pytest.mark.parametrize(
    "text", ["ei väliä", "ihan sama", "any", "either is fine", "I don't mind", "doesn't matter"]
)
def test_what_means_anybody_only_where_the_desk_asks_who(
    extractor: BusinessExtractor, text: str
) -> None:
    assert named(extractor, text, asked="staff") == ["any"]
    assert named(extractor, text, asked="appointment_start") == []


def test_any_time_is_not_anybody(extractor: BusinessExtractor) -> None:
    assert named(extractor, "do you have any openings tomorrow") == []
    assert named(extractor, "ihan sama milloin") == []


def test_whom_the_customer_names_wins_over_anybody(extractor: BusinessExtractor) -> None:
    assert named(extractor, "Aino, or anyone") == ["aino"]


def test_places_in_the_text() -> None:
    finder = NameFinder({"cut": ["leikkaus"], "both": ["väri ja leikkaus"]})
    text = "Väri ja leikkaus, sitten leikkaus!"
    assert finder.find(text) == [Named("both", 0, 16), Named("cut", 25, 33)]
    assert finder.find("") == []
