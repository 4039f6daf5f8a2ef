"""Services and staff of business.yml in a message, in any inflection, without a lemmatiser.

A Finnish word changes at its end ("värjäys", "värjäykseen", "Mikko", "Mikolle"): a word of the
message matches a name when it begins like it, nearly to its end, and goes on with something that
can be an ending, so that "hoitoaine" is not taken for "hoito". What the stem itself does ("parta",
"parran") follows a short table of consonant gradation (A. Hakulinen et al., Iso suomen kielioppi,
§ 41). In a long name one letter may be wrong, missing, doubled or in its neighbour's place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from tiski.nlu.lexicon import pattern
from tiski.nlu.text import normalise, without_umlauts

_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
# strong grade -> weak grade, before the last vowel; longest first
_GRADATION = (
    ("kk", "k"), ("pp", "p"), ("tt", "t"), ("nt", "nn"), ("rt", "rr"), ("lt", "ll"),
    ("nk", "ng"), ("mp", "mm"), ("t", "d"), ("p", "v"), ("k", ""),
)  # fmt: skip
_VOWELS = "aeiouy"  # names and messages are compared without umlauts
_LONGEST_ENDING = 8
_WORDS_REMEMBERED = 16384  # a training meets some 12,000
# one slip of the finger is forgiven in stems of so many letters; shorter ones are too like others
_LEAST_STEM_WITH_TYPO = 6
# letters that are hit or heard for another: neighbours on the keyboard, and sounds that are alike
_SLIPS = {
    "a": "qswzeo", "b": "vghnp", "c": "xdfvks", "d": "serfcxt", "e": "wsdria", "f": "drtgcv",
    "g": "ftyhvbk", "h": "gyujbn", "i": "ujkoye", "j": "huiknm", "k": "jiolmgc", "l": "kop",
    "m": "njk", "n": "bhjm", "o": "iklpua", "p": "olb", "q": "wa", "r": "edft", "s": "awedxzc",
    "t": "rfgyd", "u": "yhjio", "v": "cfgbw", "w": "qasev", "x": "zsdc", "y": "tghui", "z": "asxs",
}  # fmt: skip
# What may follow a stem: stem vowel or plural, case, possessive, clitic ("leikkau|kse|sta|ni|kin"),
# spoken forms included; a visit ("leikkausaika"); the endings of English.
_LINK = r"(?:kse|ksi|ks|se|si|s|de|te|ei|oi|ui|ie|[aeiouyj])"
_CASE = (
    r"(?:n|t|a|ta|tta|na|ksi|ks|ssa|s|sta|st|lla|l|lta|lt|lle|ll|[aeiouy]n|h[aeiouy]n|seen|siin"
    r"|den|jen|ien|ja|ia)"
)
_POSSESSIVE = r"(?:ni|i|si|nsa|mme|nne|an|en|in)"
_CLITIC = r"(?:kin|kaan|kohan|kos?|han|pa)"
_ENDING = re.compile(
    rf"(?:{_LINK}?(?:{_CASE}{_POSSESSIVE}?|{_POSSESSIVE}){_CLITIC}?|{_CLITIC}"
    r"|(?:aika|aija|aja|aiko|varau|kaynti|kaynni|palvelu)[a-z]*"
    r"|e?s|e?d|[mtp]?(?:ed|ing))?"
)


@dataclass(frozen=True)
class Named:
    """A service or a member of staff that a message names."""

    id: str
    start: int
    end: int


class NameFinder:
    """Finds the names it is made with; made once, used for each message."""

    def __init__(
        self, names: Mapping[str, Iterable[str]], ordinary: re.Pattern[str] | None = None
    ) -> None:
        """Take each id's names and spoken aliases, of all languages together.

        Args:
            ordinary: words that look like a form of a name and are none ("ainoa" is not Aino),
                unless they are written with a capital letter.
        """
        entries: dict[tuple[str, ...], str] = {}
        for identifier, aliases in names.items():
            for alias in aliases:
                words = tuple(_fold(match.group()) for match in _TOKEN.finditer(alias))
                if words:
                    entries.setdefault(words, identifier)
        # the longest name first: "tyvivärjäys" before "värjäys", "värjäys ja leikkaus" before both
        self._entries = sorted(entries.items(), key=lambda entry: (-len("".join(entry[0])), entry))
        self._stems = {word: _stems(word) for words, _ in self._entries for word in words}
        self._ordinary = ordinary
        # most words of a message were seen in another one
        self._folded = lru_cache(_WORDS_REMEMBERED)(self._fold_unless_ordinary)
        self._begun_like = lru_cache(_WORDS_REMEMBERED)(self._entries_begun_like)
        self._name_mistyped = lru_cache(_WORDS_REMEMBERED)(self._mistyped)
        # names of one word that may be mistyped, by the letter that begins them
        self._long: dict[str, list[tuple[str, int]]] = {}
        for number, (words, _) in enumerate(self._entries):
            for stem, _ in self._stems[words[0]] if len(words) == 1 else ():
                if len(stem) >= _LEAST_STEM_WITH_TYPO:
                    self._long.setdefault(stem[0], []).append((stem, number))
        # there are some hundred names, and this is done for each message: look at few of them
        self._by_stem: dict[str, list[int]] = {}
        for number, (words, _) in enumerate(self._entries):
            for stem, _ in self._stems[words[0]]:
                self._by_stem.setdefault(stem, []).append(number)

    def find(self, text: str) -> list[Named]:
        """Return what the text names, in its order; nothing is named twice at one place."""
        tokens = [(self._folded(m.group()), m.start(), m.end()) for m in _TOKEN.finditer(text)]
        taken: set[int] = set()
        found: list[Named] = []
        for entry, first in sorted(self._candidates([token for token, _, _ in tokens])):
            words, identifier = self._entries[entry]
            places = range(first, first + len(words))
            if (
                places.stop <= len(tokens)
                and taken.isdisjoint(places)
                and all(
                    self._matches(tokens[place][0], word, alone=len(words) == 1)
                    for place, word in zip(places, words, strict=True)
                )
            ):
                taken.update(places)
                found.append(Named(identifier, tokens[first][1], tokens[places.stop - 1][2]))
        for place, (token, start, end) in enumerate(tokens):
            if place not in taken and len(token) >= _LEAST_STEM_WITH_TYPO:
                mistyped = self._name_mistyped(token)
                if mistyped is not None:
                    found.append(Named(self._entries[mistyped][1], start, end))
        return sorted(found, key=lambda named: named.start)

    def _candidates(self, tokens: list[str]) -> set[tuple[int, int]]:
        """Entries whose first word a token begins like, each with the token's place."""
        return {
            (entry, place)
            for place, token in enumerate(tokens)
            for entry in self._begun_like(token)
        }

    def _entries_begun_like(self, token: str) -> tuple[int, ...]:
        beginnings = (token[:length] for length in range(1, len(token) + 1))
        return tuple(entry for start in beginnings for entry in self._by_stem.get(start, ()))

    def _mistyped(self, token: str) -> int | None:
        """The name that a word is with one letter wrong, the longest if there are several."""
        if pattern("not_typos").fullmatch(token):
            return None
        near = [
            entry
            for stem, entry in self._long.get(token[0], ())
            if any(self._ends(rest, stem, entry) for rest in _after_typo(token, stem))
        ]
        return min(near, default=None)

    def _ends(self, rest: str, stem: str, entry: int) -> bool:
        word = self._entries[entry][0][0]
        last = word[len(stem) :] if word.startswith(stem) else ""
        return bool(_ENDING.fullmatch(rest)) or bool(last and _is_ending_after(rest, last))

    def _fold_unless_ordinary(self, token: str) -> str:
        ordinary = token[0].islower() and self._ordinary and self._ordinary.fullmatch(token)
        return "" if ordinary else _fold(token)

    def _matches(self, token: str, word: str, *, alone: bool) -> bool:
        """Whether a word of the message is a form of a name's word.

        Args:
            alone: the name is this one word; among others ("kulmien kestovärjäykseen") the rest of
                the name tells enough, and any ending will do.
        """
        for stem, longest in self._stems[word]:
            if not token.startswith(stem):
                continue
            rest = token[len(stem) :]
            if not alone and len(rest) <= longest:
                return True
            # a stem may lack the word's last letter; both with it and without, endings follow
            last = word[len(stem) :] if word.startswith(stem) else ""
            if (
                _is_drawled(rest, stem, word)
                or _ENDING.fullmatch(rest)
                or (last and _is_ending_after(rest, last))
            ):
                return True
        return False


def _is_drawled(rest: str, stem: str, word: str) -> bool:
    """ "Ainoo", "vaahtoo": in spoken Finnish the partitive only makes the last vowel long."""
    written = stem + rest
    return len(word) > 3 and word[-1] in _VOWELS and written == word + word[-1]


def _is_ending_after(rest: str, last: str) -> bool:
    return rest.startswith(last) and bool(_ENDING.fullmatch(rest[len(last) :]))


def _after_typo(token: str, stem: str) -> Iterator[str]:
    """What follows a stem that is written with one slip: another letter, one too few or too many,
    or two in the wrong order. Its first letter and its last are right, or it is another word.
    """
    same = 0
    while same < min(len(token), len(stem)) and token[same] == stem[same]:
        same += 1
    if not 1 <= same < len(stem) - 1:
        return
    readings = [(same + 1, same), (same, same + 1)]  # a letter too many, one too few
    if same < len(token) and token[same] in _SLIPS.get(stem[same], ""):
        readings.append((same + 1, same + 1))  # another letter
    for of_token, of_stem in readings:
        if token.startswith(stem[of_stem:], of_token):
            yield token[of_token + len(stem) - of_stem :]
    swapped = token[same : same + 2] == stem[same : same + 2][::-1]
    if swapped and token.startswith(stem[same + 2 :], same + 2):
        yield token[len(stem) :]


def _stems(word: str) -> tuple[tuple[str, int], ...]:
    """Return the beginnings by which a word is known, each with the longest ending it takes."""
    if len(word) <= 3:
        return ((word, 3),)
    cut = 0 if len(word) <= 5 else 1
    stems = {word[: len(word) - cut]}
    if word.endswith("nen"):  # "siistiminen", "siistimiseen"
        stems.add(word[:-3] + "s")
    if len(word) == 5 and word[-1] == "s":  # "otsis", "otsiksen"
        stems.add(word[:-1] + "ks")
    if len(word) > 5 and word.endswith("in"):  # "kuivain", "kuivaimen"; "kiharrin", "kihartimen"
        stems |= {word[:-1] + "me", re.sub(r"rr(?=in$)", "rt", word)[:-1] + "me"}
    if len(word) > 4 and word[-1] == "i":  # "fööni", "fööneistä"
        stems.add(word[:-1] + "ei")
    if word.endswith("te"):  # "laite", "laitteen"
        stems.add(word[:-2] + "tte")
    if 4 <= len(word) <= 6 and word[-1] == "a" and word[1] not in "ou":  # "harja", "harjoja"
        stems |= {word[:-1] + "oj", word[:-1] + "oi"}
    if len(word) > 5 and word[-1] == "t" and word[-2] in _VOWELS:  # "ripset", "ripsiin"
        stems.add(word[:-2])
    if word[-1] in _VOWELS:
        body, vowel = word[:-1], word[-1]
        for strong, weak in _GRADATION:
            if body.endswith(strong):
                stems.add(body[: len(body) - len(strong)] + weak + vowel)
                break
    return tuple((stem, _LONGEST_ENDING if len(word) > 4 else 4) for stem in sorted(stems))


def _fold(word: str) -> str:
    # "men's" is written "mens" as well
    return without_umlauts(normalise(word)).replace("'", "").replace("’", "")
