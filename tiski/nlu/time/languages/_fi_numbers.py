"""Finnish numerals in the cases that times are said in, written and spoken."""

from __future__ import annotations

from ._build import Phrases, split

# case → spellings of 1 to 10; the spoken forms after the written one
_CASES: dict[str, tuple[str, ...]] = {
    "number": (
        "yksi, yks",
        "kaksi, kaks",
        "kolme, kolm",
        "neljä",
        "viisi, viis",
        "kuusi, kuus",
        "seitsemän, seittemän, seittemä, seitsemä",
        "kahdeksan, kaheksan, kaheksa, kahdeksa",
        "yhdeksän, yheksän, yheksä, yhdeksä",
        "kymmenen, kymmene, kymppi",
    ),
    "number_gen": (
        "yhden, yhen, yhdelle",
        "kahden, kahen, kahdelle",
        "kolmen, kolmelle",
        "neljän, neljälle",
        "viiden, viien, viidelle",
        "kuuden, kuuen, kuudelle",
        "seiskan, seitsemälle",
        "kasin, kahdeksalle",
        "ysin, yhdeksälle",
        "kympin, kymmenelle",
    ),
    "number_part": (
        "yhtä, yht",
        "kahta",
        "kolmea, kolmee",
        "neljää",
        "viittä",
        "kuutta",
        "seitsemää, seittemää",
        "kahdeksaa, kaheksaa",
        "yhdeksää, yheksää",
        "kymmentä",
    ),
    "number_at": (
        "yhdeltä, yheltä, yhelt, yhdelt, yhdeksi, yheks",
        "kahdelta, kahelta, kahelt, kahdelt, kahdeksi, kaheks",
        "kolmelta, kolmelt, kolmeksi, kolmeks",
        "neljältä, neljält, neljäksi, neljäks",
        "viideltä, viieltä, viielt, viidelt, viideksi, viideks",
        "kuudelta, kuuelta, kuuelt, kuudelt, kuudeksi, kuudeks",
        "seitsemältä, seittemältä, seittemält, seitsemält, seitsemäksi, seittemäks",
        "kahdeksalta, kaheksalta, kaheksalt, kahdeksalt, kahdeksaksi, kaheksaks",
        "yhdeksältä, yheksältä, yheksält, yhdeksält, yhdeksäksi, yheksäks",
        "kymmeneltä, kympiltä, kympilt, kymmenelt, kymmeneksi, kympiksi",
    ),
    "number_from": (
        "yhdestä, yhestä",
        "kahdesta, kahesta",
        "kolmesta",
        "neljästä",
        "viidestä, viiestä",
        "kuudesta, kuuesta",
        "seitsemästä, seittemästä",
        "kahdeksasta, kaheksasta",
        "yhdeksästä, yheksästä",
        "kymmenestä, kympistä",
    ),
    "number_to": (
        "yhteen",
        "kahteen",
        "kolmeen",
        "neljään",
        "viiteen",
        "kuuteen",
        "seitsemään, seittemään",
        "kahdeksaan, kaheksaan",
        "yhdeksään, yheksään",
        "kymmeneen, kymppiin",
    ),
}

# nominative and essive first; genitive and partitive are said with months ("kolmannen päivän")
_ORDINALS: tuple[str, ...] = (
    "ensimmäinen, ensimmäisenä, ensimmäisen, ensimmäistä, ensimmäiselle, ensimmäiseksi, eka, ekana",
    "toinen, toisena, toiselle, toiseksi, toisen, toista, toka, tokana",
    "kolmas, kolmantena, kolmannelle, kolmanneksi, kolmannen, kolmatta",
    "neljäs, neljäntenä, neljännelle, neljänneksi, neljännen, neljättä",
    "viides, viidentenä, viidennelle, viidenneksi, viidennen, viidettä",
    "kuudes, kuudentena, kuudennelle, kuudenneksi, kuudennen, kuudetta",
    "seitsemäs, seitsemäntenä, seitsemännelle, seitsemänneksi, seitsemännen, seitsemättä",
    "kahdeksas, kahdeksantena, kahdeksannelle, kahdeksanneksi, kahdeksannen, kahdeksatta",
    "yhdeksäs, yhdeksäntenä, yhdeksännelle, yhdeksänneksi, yhdeksännen, yhdeksättä",
    "kymmenes, kymmenentenä, kymmenennelle, kymmenenneksi, kymmenennen, kymmenettä",
    "yhdestoista, yhdentenätoista, yhdennentoista",
    "kahdestoista, kahdentenatoista, kahdennentoista",
    "kolmastoista, kolmantenatoista, kolmannentoista",
    "neljästoista, neljäntenätoista, neljännentoista",
    "viidestoista, viidentenätoista, viidennentoista",
    "kuudestoista, kuudentenatoista, kuudennentoista",
    "seitsemästoista, seitsemäntenätoista, seitsemännentoista",
    "kahdeksastoista, kahdeksantenatoista, kahdeksannentoista",
    "yhdeksästoista, yhdeksäntenätoista, yhdeksännentoista",
)
_TENS = {
    2: ("kaksi", "kahden"),
    3: ("kolme", "kolmen"),
    4: ("neljä", "neljän"),
    5: ("viisi", "viiden"),
}
_TEN_ENDINGS = {
    "number_gen": "kymmenen",
    "number_part": "kymmentä",
    "number_at": "kymmeneltä",
    "number_from": "kymmenestä",
    "number_to": "kymmeneen",
}
_TWENTY = {
    "number_gen": "kahden",
    "number_part": "kahta",
    "number_at": "kahdelta",
    "number_from": "kahdesta",
    "number_to": "kahteen",
}
_ORDINAL_TENS = {20: "kahdeskymmenes", 30: "kolmaskymmenes"}


def add_numbers(phrases: Phrases) -> None:
    """Hours 1 to 24 in all cases and minutes to 59 as they are said."""
    for tag, rows in _CASES.items():
        for number, row in enumerate(rows, 1):
            spellings = split(row)
            phrases.add(tag, row, number)
            for spelling in spellings:
                if number <= 9:
                    phrases.add(tag, spelling + "toista", 10 + number)
    for tag, ending in _TEN_ENDINGS.items():
        phrases.add(tag, _TWENTY[tag] + ending, 20)
        for number, row in enumerate(_CASES[tag][:4], 1):
            for spelling in split(row):
                phrases.add(tag, _TWENTY[tag] + ending + spelling, 20 + number)
    for ten, (nominative, _) in _TENS.items():
        for tail in ("kymmentä", "kyt", "kyä"):
            phrases.add("number", nominative + tail, ten * 10)
            for number, row in enumerate(_CASES["number"][:9], 1):
                for spelling in split(row):
                    joined = f"{nominative}{tail}{spelling}, {nominative}{tail} {spelling}"
                    phrases.add("number", joined, ten * 10 + number)
    phrases.add("number", "nolla", 0)


def add_ordinals(phrases: Phrases) -> None:
    """Ordinals 1 to 31, for the days of a month."""
    for number, row in enumerate(_ORDINALS, 1):
        phrases.add("ordinal", row, number)
    for tens, word in _ORDINAL_TENS.items():
        phrases.add(
            "ordinal", f"{word}, {word.replace('des', 'dente').replace('mas', 'mante')}", tens
        )
        for number, row in enumerate(_ORDINALS[:9], 1):
            for spelling in split(row)[:1]:
                phrases.add("ordinal", f"{word}{spelling}, {word} {spelling}", tens + number)
    phrases.add("ordinal", "kahdentenakymmenentenä", 20)
