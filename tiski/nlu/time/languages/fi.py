"""Finnish: the words for times, written and spoken."""

from __future__ import annotations

import re

from ..lexicon import Language
from ..meanings import Clock, DayRange, Holiday, Part, RelativeDay, Week
from ._build import Phrases, split
from ._fi_numbers import add_numbers, add_ordinals

_TODAY, _TOMORROW = RelativeDay(0), RelativeDay(1)

# hours of the parts of the day
MORNING = Part(8, 11, "am")
FORENOON = Part(9, 12, "am")
MIDDAY = Part(11, 14, "pm")
AFTERNOON = Part(12, 17, "pm")
EVENING = Part(16, 20, "pm")
NIGHT = Part(22, 24, "night")
LUNCH = Part(11, 13)

_PARTS: dict[Part, str] = {
    MORNING: """aamulla, aamuna, aamul, aamuu, aamuksi, aamuks, aamu, aamun, aamusta, aamupuoli,
        aamupuolella, aamutuimaan, aamusella, aamulle, aamuun""",
    FORENOON: """aamupäivällä, aamupäivä, aamupäiväl, aamupäiväks, aamupäiväksi, aamupäivälle,
        aamupäivän, aamupäivästä, aamupäivänä, aamupäiville, ap, ap., ennen puoltapäivää, ennen iltapäivää, ennen puolta päivää,
        ennen lounasta""",
    MIDDAY: "päivällä, päiväl, päiväsaikaan, päiväsaikana, keskellä päivää, päiväsydännä",
    AFTERNOON: """iltapäivällä, iltapäivä, iltapäiväl, iltapäiväksi, iltapäiväks, iltapäivälle,
        iltapäivän, iltapäivästä, iltapäivänä, iltapäiville, ip, ip., iltapv, lounaan jälkeen,
        puolenpäivän jälkeen, puolen päivän jälkeen, ennen iltaa""",
    EVENING: """illalla, illal, illaks, illaksi, ilta, iltana, iltasella, illan, illasta, illalle, iltaan,
        alkuillasta, alkuilta, alkuillaksi, töiden jälkeen, töitten jälkeen,
        duunin jälkeen, työpäivän jälkeen, koulun jälkeen""",
    NIGHT: "yöllä, yö, yöksi, yönä",
    LUNCH: """lounasaikaan, lounasaikana, lounastunnilla, lounaalla, lounaan aikaan, ruokatunnilla,
        lounastauolla, ruokiksella""",
}
# endings of the parts in words like "huomenaamulla", "perjantai-iltana"
_PART_WORDS = {
    MORNING: "aamu, aamulla, aamuna, aamuksi, aamulle, aamun, aamul",
    FORENOON: "aamupäivä, aamupäivällä, aamupäivänä, aamupäiväksi, aamupäivälle, aamupäivän",
    AFTERNOON: "iltapäivä, iltapäivällä, iltapäivänä, iltapäiväksi, iltapäivälle, iltapäivän",
    EVENING: "ilta, illalla, iltana, illaksi, illalle, illan",
}

_RELATIVE_DAYS = {
    0: """tänään, tämänpäiväinen, tämänpäiväisen, tästä päivästä, tänää, tänäään, tännään, tänää, tänäpäivänä, tänä päivänä, tälle päivälle,
        tälle päivää, tämän päivän, tänäiselle, täks päiväks, täksi päiväksi, tältä päivältä""",
    1: """huomenna, huomis, huomen, huomenn, huome, huomena, huomiselle, huomiseksi, huomiseks, huomisen,
        huominen, huomista, huomisesta, huomiselta, huomisena, huomennna, huommenna, huomiseen""",
    2: """ylihuomenna, ylihuomen, ylihuomena, ylihuome, ylihuomiselle, ylihuomiseksi, ylihuominen,
        ylihuomisen, yli huomenna""",
    -1: "eilen, eiline, eilinen, eilisen, eiliselle, eilispäivänä, eilistä",
    -2: "toissapäivänä, toissa päivänä",
}

# the cases in which an hour is said together with a part of the day
_HOUR_TAGS = ("number", "number_gen", "number_at")

# stem of a weekday before its endings
_WEEKDAYS = ("maanantai", "tiistai", "keskiviiko", "torstai", "perjantai", "lauantai", "sunnuntai")
_DAY_ENDINGS = ("", "na", "n", "ta", "ksi", "ks", "lle", "hin", "t")
_DAY_TYPOS = {
    0: "maanataina, manantaina, maanantaia, maanataille, maantaina, mananataina",
    1: "tiistaiana, tiistaia, tistaina, tiistaian, tiistana",
    2: """keskiviikko, keskiviikkona, keskiviikon, keskiviikkoa, keskiviikoksi, keskiviikoks,
        keskiviikolle, keskiviikkoon, keskiviikona, kesviikkona, keskviikkona, keskiviikko,
        keskiviiko, kesviikko, kekiviikkona, keskiviikol, keskarina, keskari""",
    3: "torstaia, torstaiana, tortaina, torstana, torsaina",
    4: "perjantaia, perjantaiana, perjataina, perjantana, perjataille, perjantaih, perjantina, pejantaina, perjaintaina",
    5: "lauantaia, lauantaiana, lauataina, lauantana, launtaina, lauvantaina, lauantaih, lauantina",
    6: "sunnuntaia, sunnuntaiana, sununtaina, sunnuntana, sunnutaina, sunnuntaih, sunnuntina",
}
_FROM_ENDINGS = ("sta", "lta")
_SHORT_CERTAIN = {1: "ti", 2: "ke, kesk", 4: "pe", 3: "tors"}
_SHORT_DOUBTFUL = {0: "ma", 3: "to", 5: "la", 6: "su"}

_MONTHS = split("tammi, helmi, maalis, huhti, touko, kesä, heinä, elo, syys, loka, marras, joulu")

_HOLIDAYS = {
    "christmas_eve": "jouluaatto, jouluaattona, jouluaatoksi, jouluaaton, jouluaatolle, jouluaattoa",
    "christmas_day": "joulupäivä, joulupäivänä, joulupäiväksi, joulu, jouluna, jouluksi, joulun, joulua",
    "boxing_day": "tapaninpäivä, tapaninpäivänä, tapanina",
    "new_years_eve": """uudenvuodenaatto, uudenvuodenaattona, uudenvuodenaatoksi, uudenvuoden aattona,
        uuden vuoden aattona, uudenvuodenaatolle""",
    "new_year": """uudenvuodenpäivä, uudenvuodenpäivänä, uusivuosi, uuden vuoden, uudenvuoden,
        uutta vuotta, uutenavuotena, uutena vuotena""",
    "epiphany": "loppiainen, loppiaisena, loppiaiseksi",
    "valentine": "ystävänpäivä, ystävänpäivänä, ystävänpäiväksi",
    "good_friday": "pitkäperjantai, pitkäperjantaina, pitkänäperjantaina",
    "easter": "pääsiäinen, pääsiäisenä, pääsiäiseksi, pääsiäistä, pääsiäisen",
    "easter_monday": "toinen pääsiäispäivä, toisena pääsiäispäivänä",
    "may_eve": "vappuaatto, vappuaattona, vapunaatto, vapunaattona, vappuaatoksi",
    "may_day": "vappu, vappuna, vapuksi, vappua, vapun, vapunpäivänä",
    "midsummer_eve": "juhannusaatto, juhannusaattona, juhannusaatoksi",
    "midsummer": "juhannus, juhannuksena, juhannukseksi, juhannusta, juhannuksen, juhannuspäivänä",
    "independence_day": "itsenäisyyspäivä, itsenäisyyspäivänä, itsenäisyyspäiväksi",
}

_UNITS = {
    (1, "minutes"): "min, minuutin, minuutti, minuuttia, minsan, minsaa, minuuttii",
    (60, "minutes"): "tunnin, tunti, tuntia, h, tuntii",
    (30, "minutes"): "puolen tunnin, puoli tuntia, puol tuntia, puolisen tuntia",
    (90, "minutes"): "puolentoista tunnin, puolitoista tuntia",
    (1, "days"): "päivää, vrk, vuorokauden, vuorokautta",
    (1, "weeks"): "viikkoa",
    (1, "months"): "kuukautta, kuukausi, kk",
    (1, "years"): "vuoden, vuotta, vuosi",
}

_WORDS = {
    "at": "klo, klo., kl, kl., kello, kellon, kellosta, kello on, @, klo :",
    "half_before": "puoli, puol, puolta, puolelta, puolen, puolest, puole",
    "quarter": "vartti, varttia, vartin, varttii, viisitoista minuuttia, vartilta",
    "past": "yli",
    "till": "vaille, vailla, vaile, vajaa, vaje",
    "about_pre": "noin, n., suunnilleen, joskus, siinä, n, suurin piirtein",
    "about_post": """maissa, aikaan, tienoilla, tienoissa, kieppeillä, kieppeissä, korvilla, nurkilla,
        pintaan, paikkeilla, hujakoilla, aikoihin, maisaa, seutuvilla, seuduilla, maiss,
        tietämillä, paikkeil""",
    "exactly": "tasan, tasalta, tasalla",
    "after_post": "jälkeen, jälkee, jälk., jälkein, jlk",
    "before_pre": "ennen, enne, ennenkuin, ennen kuin",
    "instead_pre": "kuin, mieluummin kuin",
    "until_pre": "viimeistään, viimestään",
    "until_post": "mennessä, asti, saakka, mennes",
    "from_pre": "ei ennen, en ennen, ei ennenkuin, ei ennen kuin, aikaisintaan",
    "from_post": "alkaen, lähtien, eteenpäin, etiäpäin, alk., tai myöhemmin, tai sen jälkeen",
    "between_post": "välillä, välissä, väliin, välille, väliltä, välil",
    "and": "ja, sekä, &",
    "or": "tai, vai, taikka, tahi, /",
    "now": """nyt heti, heti nyt, asap, mahdollisimman pian, mahdollisimman nopeasti,
        nyt saman tien, niin pian kuin mahdollista, mahd. pian, mahdollisimman äkkiä""",
    "this": """tämä, tämän, tänä, tällä, tälle, tää, tätä, tän, tässä, tältä, kuluvan, kuluvalla,
        tähän, täl, täs""",
    "next": """ensi, ens, seuraava, seuraavan, seuraavana, seuraavalla, seuraavalle, tulevan,
        tulevana, tulevalla, seuraavaks, seuraavaksi, seuraavassa, seuraaval, tuleva""",
    "last": "viime, viimeisen, edellisen, edellisellä, viimisen, menneellä, edellinen, viimeisellä",
    "over_next": "sitä seuraavalla, sitä seuraavan, sitä seuraava, sitä seuraavana",
    "week": """viikolla, viikol, viikon, viikko, viikolle, viikoks, viikoksi, viikkoon, viikkoo,
        viikosta, viikkona""",
    "week_of": "vko, vk, vkolla, vkon, vk:lla, vko:lla",
    "weekend": """viikonloppuna, viikonloppu, viikonlopuksi, viikonlopuks, viikonlopun,
        viikonlopulle, vkl, vklp, viikonloppuu, vklpp, viikonlopulla, viikonloppun,
        viikonloppua""",
    "month_unit": """kuussa, kuuta, kuukautena, kuukaudessa, kuun, kuu, kuulle, kuukauden, kuuks,
        kuuksi""",
    "day_word": """päivä, päivänä, päiväks, päiväksi, päivälle, pvä, pv, päivään, päivän, pnä, p:nä,
        päiv""",
    "in_post": "päästä, kuluttua, kuluessa, päästy, päähän, pääst, kulut., sisään",
    "ago": "sitten, sit, takaperin",
    "filler": """varaus, varaukseni, aikani, joko, mutta, vaikka, vaik, esim, esim., esimerkiksi,
        vähän, mielellään, niin, mieluiten, ehkä, vasta, just, juuri, ihan, jo, mieluummin,
        aika, aikaisin, myöhään, myöhemmin, kai, varmaan, sen, viel, vielä, viikonpäivänä,
        on, jonain, jotain, johonkin, jonkun, jossain, jossakin, vaiks, joku, jokin,
        jossai, ajaksi, ajalle, ajan, aikaa, kelloa""",
    "not_pre": """ei, en, emme, älä, ei siis, paitsi, muu kuin, muulloin kuin, muuna päivänä kuin,
        muu päivä kuin, eikä, ei kyllä, en halua, ei mielellään, muulle päivälle kuin""",
    "not_post": """ei käy, ei sovi, ei onnistu, ei kelpaa, ei käykään, ei sovikaan, ei onnistukaan,
        ei oo hyvä, ei ole hyvä, ei passaa, ei mulle käy, ei käy mulle, ei mulle sovi""",
    "cannot": """en pääse, en pääsekään, en pääsisi, en voi, en ehdi, emme pääse, en kerkee,
        en kerkeä, me ei päästä, mä en pääse, ei päästä""",
    "instead": "sijaan, sijasta, asemesta, asemasta",
    "correct": """->, =>, →, eiku, eikun, ei kun, ei ku, ei vaan, vaan, siis, tarkoitin, tarkoitan, korjaan,
        korjaus, anteeksi, sori, sorry, oho, meinasin, eiks, eikä kun, eikäku, eiko,
        tai siis, tai ei, paremminkin, sittenkin, ei kun siis, eiku siis, ei ei, hetkinen""",
    "move": "muuta aikaa, muuttaa aikaa, muutetaan aika",
    "answer": """käykö, entä, entäs, kävisikö, onnistuuko, sopisiko, sopiiko, kiitos, kiitti, joo,
        juu, no, ok, okei, sopii, käy, sopisi, kävisi, olis, olisi, hyvä, mulle, minulle,
        kyllä, otan, otetaan, valitsen, se, ois, paras, parhaiten, passaa, sopis, käviskö,
        vois, olla""",
}
_HAPPENED = "tilasin, tilasimme, ostin, ostimme, maksoin, kävin, noudin, tilattu, ostettu, sain"
_WISHES = """hyvää, mukavaa, hauskaa, kaunista, rauhallista, iloista, rentouttavaa, ihanaa, kivaa, oikein hyvää,
    oikein mukavaa"""
_HABITS = """maanantaisin, tiistaisin, keskiviikkoisin, torstaisin, perjantaisin, lauantaisin, sunnuntaisin,
    aamuisin, edellisenä iltana, edellisenä päivänä, edellisiltana, iltaisin, iltapäivisin, aamupäivisin, öisin, viikonloppuisin, arkisin, päivisin"""


def _phrases() -> Phrases:
    phrases = Phrases()
    add_numbers(phrases)
    add_ordinals(phrases)
    for unit, words in _UNITS.items():
        phrases.add("unit", words, unit)
    phrases.add_tags(_WORDS)
    phrases.add("couple", "pari, parin, paria", 2)
    phrases.add("couple", "muutaman, muutama", 3)
    phrases.add("habit", _HABITS)
    phrases.add("wish", _WISHES)
    phrases.add("now_doubtful", "nyt, heti, tällä hetkellä")
    phrases.add("happened", _HAPPENED)
    for part, words in _PARTS.items():
        phrases.add("part", words, part)
    for offset, words in _RELATIVE_DAYS.items():
        phrases.add("day", words, RelativeDay(offset))
    for name, words in _HOLIDAYS.items():
        phrases.add("day", words, Holiday(name))
    phrases.add(
        "clock",
        "keskipäivällä, puoliltapäivin, puolilta päivin, puolipäivä, puoleltapäivin, keskipäivä, puolipäivältä, puolelta päivin",
        Clock(12, 0, True),
    )
    phrases.add("clock", "keskiyöllä, puoliltaöin, puoliyö, keskiyön", Clock(24, 0, True))
    _add_weekdays(phrases)
    _add_months(phrases)
    _add_weeks(phrases)
    _add_compounds(phrases)
    return phrases


def _add_weekdays(phrases: Phrases) -> None:
    for number, stem in enumerate(_WEEKDAYS):
        for ending in _DAY_ENDINGS:
            phrases.add("weekday", stem + ending, number)
        for ending in _FROM_ENDINGS:
            phrases.add("weekday_from", stem + ending, number)
        phrases.add("weekday", _DAY_TYPOS[number], number)
    for table, tag in ((_SHORT_CERTAIN, "weekday_short"), (_SHORT_DOUBTFUL, "weekday_doubtful")):
        for number, words in table.items():
            for word in split(words):
                phrases.add(tag, f"{word}, {word}.", number)


def _add_months(phrases: Phrases) -> None:
    for number, stem in enumerate(_MONTHS, 1):
        phrases.add("month", f"{stem}kuu, {stem}kuun, {stem}kuuta, {stem}kuut, {stem}k", number)
        phrases.add(
            "month_in",
            f"{stem}kuussa, {stem}kuulta, {stem}kuulle, {stem}kuuksi, {stem}kuus",
            number,
        )
        phrases.add_pair(
            f"{stem}kuun alussa, {stem}kuun alkuun", ("start_of", None), ("month", number)
        )
        phrases.add_pair(
            f"{stem}kuun lopussa, {stem}kuun loppuun", ("end_of", None), ("month", number)
        )
        phrases.add_pair(f"{stem}kuun puolivälissä", ("middle_of", None), ("month", number))


def _add_weeks(phrases: Phrases) -> None:
    phrases.add("start_of", "alussa, alkuun, alkupuolella, alku")
    phrases.add("middle_of", "puolivälissä, keskellä, puoliväliin")
    phrases.add("end_of", "lopussa, loppuun, loppupuolella, lopulla, loppu, loppupuolelle")
    for part, words in {
        "start": "alkuviikosta, alkuviikko, alkuviikolla, alkuviikolle, alkuviikoksi, alkuviikkoon",
        "middle": "keskellä viikkoa, viikon puolivälissä",
        "end": "loppuviikosta, loppuviikko, loppuviikolla, loppuviikolle, loppuviikoksi, loppuviikkoon",
        "workdays": "arkena, arkipäivänä, arkipäiväksi",
    }.items():
        phrases.add("day", words, Week(0, part=part))
        for word in split(words):
            phrases.add(
                "day", f"ensi viikon {word}, ens viikon {word}, ensi {word}", Week(1, part=part)
            )
    phrases.add("day", "ensviikolla, ensiviikolla, ensviikol, ensiviikon, ensviikon", Week(1))
    workdays = ("day", Week(0, part="workdays"))
    phrases.add_pair("arkiaamuna, arkiaamu", workdays, ("part", MORNING))
    phrases.add_pair("arki-iltana, arkiiltana, arki-ilta", workdays, ("part", EVENING))
    phrases.add("day", "lähipäivinä, lähipäivät", DayRange(_TODAY, RelativeDay(4)))
    phrases.add(
        "day", "viikon sisällä, viikon sisään, viikon aikana", DayRange(_TODAY, RelativeDay(7))
    )
    phrases.add(
        "day", "parin viikon sisällä, kahden viikon sisällä", DayRange(_TODAY, RelativeDay(14))
    )


def _add_compounds(phrases: Phrases) -> None:
    """'huomenaamulla', 'perjantai-iltana', 'aamukahdeksalta'."""
    for part, words in _PART_WORDS.items():
        for word in split(words):
            for stem in ("huomen", "huomis", "huomenna"):
                phrases.add_pair(f"{stem}{word}, {stem}-{word}", ("day", _TOMORROW), ("part", part))
            phrases.add_pair(f"eilis{word}", ("day", RelativeDay(-1)), ("part", part))
            for number, stem in enumerate(_WEEKDAYS):
                stem = stem.replace("viiko", "viikko")
                phrases.add_pair(
                    f"{stem}{word}, {stem}-{word}", ("weekday", number), ("part", part)
                )
    hours = [
        (phrase, meaning[0])
        for phrase, meaning in phrases.items()
        if meaning[0][0] in _HOUR_TAGS and meaning[0][1] in range(1, 13)
    ]
    for spelling, hour in hours:
        for stem, part in (("aamu", MORNING), ("ilta", EVENING), ("iltapäivä", AFTERNOON)):
            phrases.add_pair(f"{stem}{spelling}, {stem}-{spelling}", ("part", part), hour)


_PHRASES = _phrases()

LANGUAGE = Language(
    code="fi",
    phrases=_PHRASES,
    hints=frozenset(
        split(
            """ja, tai, ei, en, mun, minun, mulle, minulle, voi, voiko, voinko, voisin, voisinko,
            haluan, haluaisin, haluisin, varata, varaa, varaus, aikaa, ajan, aikoja, käykö, käy, sopii,
            sopisi, sopiiko, onko, mä, minä, se, moi, hei, kiitos, olisi, olisiko, oisko, ois, tulla,
            siirtää, siirrä, perua, peru, vapaata, vapaa, vapaana, leikkaus, klo, kello, mutta, joo,
            ensi, ens, jos, kun, niin, kävisi, kävisikö, kävis, sopisiko, mikä, milloin, te, teillä"""
        )
    ),
    stems={"move": ("siirt", "siirr", "siire", "vaihta", "vaihd")},
    now_beside=tuple(split("pääs, paas, tull, tuun, vapa, aika, ajan, aiko, ehti, leikk, auki")),
    corrected=frozenset(
        phrase
        for phrase, meaning in _PHRASES.items()
        if meaning[0][0] in ("weekday", "weekday_from")
        and len(meaning) == 1
        and len(phrase) >= 7
        and phrase.endswith(("na", "lle", "tai", "ksi", "kko", "lta"))
    )
    | {"huomenna", "ylihuomenna", "iltapäivällä", "aamupäivällä", "huomiselle"},
    plain=True,
    counted=re.compile(
        r"(?:[aä]{2}|[eiouyö][aä]|[sntlrk]t[aä]|[eaioöäuy]t[aä])$"
        r"|^(?:kpl|kg|g|l|ml|cl|dl|cm|mm|x|krt|hlö|hengen|pakkaus|pakettia|pkt|pullo|plo)$"
    ),
    not_counted=frozenset(
        split(
            """varata, peruuttaa, siirtää, vaihtaa, päästä, haluta, ottaa, saada, sitä, mitä, sama,
            aikaa, vapaata, vapaa, perua, tilata, voisinko ottaa, leikkausta"""
        )
    ),
    agreeing=("lta", "ltä", "ksi", "lle"),
    labels=frozenset(
        split(
            """nro, numero, nr, koodi, huone, talo, as, asunto, rappu, katu, tie, lasku, viite, koko,
            kpl, vaihe, vaihtoehto, sivu, id, hinta, maksoi, maksoin"""
        )
    ),
    label_stems=("tilau", "veloi"),
    never_after=frozenset(
        split("se, sä, mä, sun, mun, mitä, entä, no, ei, en, hei, kuka, mikä, missä, miten")
    ),
    case_endings={
        **dict.fromkeys(split("lta, ltä, ksi, lt, ks, lle"), "number_at"),
        **dict.fromkeys(split("n"), "number_gen"),
        **dict.fromkeys(split("a, ä, ta, tä, tta, ttä"), "number_part"),
        **dict.fromkeys(split("sta, stä, st"), "number_from"),
        **dict.fromkeys(split("een, iin, hin, aan, ään, hun, hyn, en"), "number_to"),
    },
)
