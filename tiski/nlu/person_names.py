"""People's names in a message: "mun nimi on matti", "this is Anna", "Ritva Lahti, 045 555 0151".

No list holds all names, and Finnish counters have customers of every origin. So it is the words
around a name that tell most; a list of common first names (`first_names`) helps only where a name
is written without a capital. Capitals, particles and apostrophes are put right in the value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from tiski.nlu import business_names
from tiski.nlu.lexicon import pattern, words
from tiski.nlu.text import without_umlauts

#: the confidence of a name that is one because it was asked for, and nothing else tells so
BARE_NAME = 0.8
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*(?!\w|-\w)\.?")
_GAP = re.compile(r"[ \t]{1,3}")
_AFTER_INTRODUCTION = re.compile(r"\s*[:=]?\s*")
_MOST_WORDS = 5
_MOST_LOWER_WORDS = 2
# A Finnish place or state after "olen": "olen Vaasassa". A rule of spelling, no list of words.
_LOCATIVE = re.compile(r".{3,}(?:ss[aä]|st[aä]|ll[aä]|lt[aä]|lle)")
# Letters of any script, spaces, and what stands in names; so no markup, no template, no digits.
_WHOLE = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .'’-]){0,79}")
_CONTACT = re.compile(r"\S+@\S+|\+?\d[\d\s()./-]{5,}")
_EDGE = " \t\n,.!:;-–"


@dataclass(frozen=True)
class PersonName:
    """A name as it should be written, and its place in the text.

    `sure` is false for an answer to "your name?" that is a name only because it was asked for.
    """

    value: str
    start: int
    end: int
    sure: bool = True


def find_names(
    text: str, *, asked: str | None = None, taken: Iterable[tuple[int, int]] = ()
) -> list[PersonName]:
    """Find the customer's name; at most one, the last when somebody corrects himself.

    Args:
        asked: the slot that the desk has just asked for, if any.
        taken: places of e-mail addresses and phone numbers, which are no part of a name.
    """
    spans = list(taken)
    found = [
        name
        for name in _announced(text)
        if all(name.end <= start or name.start >= end for start, end in spans)
    ]
    if found:
        return [max(found, key=lambda name: name.start)]
    whole = _beside_contacts(text, spans) if spans else None
    if whole is None and asked == "contact_name":
        whole = bare_name(text)
    return [whole] if whole else []


def bare_name(text: str) -> PersonName | None:
    """The whole of an answer to "your name?", without what is said around it; None if no name."""
    rest = _CONTACT.sub(lambda match: " " * len(match.group()), text)
    rest = pattern("refusal").sub(lambda match: " " * len(match.group()), rest)
    start, end = _without_edges(rest, 0, len(rest))
    while match := pattern("name_around").match(rest, start, end):
        start, end = _without_edges(rest, match.end(), end)
    behind = [m for m in pattern("name_around").finditer(rest, start, end) if m.end() == end]
    if behind:
        start, end = _without_edges(rest, start, behind[0].start())
    name = rest[start:end]
    pieces = name.split()
    if not _WHOLE.fullmatch(name) or len(pieces) > _MOST_WORDS or _has_ordinary_word(pieces):
        return None
    return PersonName(_written(" ".join(pieces)), start, end, sure=False)


def is_first_name(word: str) -> bool:
    """Whether a word is one of the common first names of the lexicon, whatever its letters."""
    return _fold(word) in _listed("first_names")


def _announced(text: str) -> Iterator[PersonName]:
    for match in pattern("name_named").finditer(text):
        yield from _after(text, match.end(), lower=True)
    for match in pattern("name_perhaps").finditer(text):
        yield from _after(text, match.end(), lower=False)
    for match in pattern("name_for").finditer(text):
        yield from _unless_staff(_after(text, match.end(), lower=False))
    for match in pattern("name_perhaps_of_staff").finditer(text):
        if not re.search(r"\w\s*$", _without_greeting(text[: match.start()])):
            yield from _unless_staff(_after(text, match.end(), lower=False))
    for match in pattern("name_behind").finditer(text):
        yield from _unless_staff(_before(text, match.start()))
    for match in pattern("name_signed").finditer(text):
        if text[: match.start()].endswith(("'", "’")):  # "don't"
            continue
        begin = _after_sign(text, match.end())
        for name in _after(text, begin, lower=False):
            if not text[name.end :].strip(_EDGE):
                yield name
    dash = re.search(r"(?:^|\s)[-–]\s?(?=[^\W\d_])", text)
    if dash:
        for name in _after(text, dash.end(), lower=False):
            if not pattern("name_around").sub("", text[name.end :]).strip(_EDGE):
                yield name


def _after_sign(text: str, end: int) -> int:
    """Where a signature's name begins; it may stand on a line of its own."""
    match = re.compile(r"[\s.:,!-]*").match(text, end)
    return match.end() if match else end


def _after(text: str, begin: int, *, lower: bool) -> Iterator[PersonName]:
    """The name that begins here.

    Args:
        lower: words without capitals are taken for a name even if it is not a common one.
    """
    start = _skip_filling(text, begin)
    pieces = _name_words(text, start)
    if not pieces:
        return
    known = _fold(pieces[0][0]) in _listed("first_names")
    capitals = any(word[0].isupper() for word, _ in pieces)
    if capitals and not (lower or known or pieces[0][0][0].isupper() or "-" in pieces[0][0]):
        return
    if not capitals or not lower:  # "olen Vaasassa", "olen Vesa Lahdesta", "nimi on laskussa"
        if not known and _LOCATIVE.fullmatch(pieces[0][0].lower()):
            return
        while len(pieces) > 1 and _LOCATIVE.fullmatch(pieces[-1][0].lower()):
            pieces.pop()
    if not capitals:
        follows = _WORD.match(text[pieces[-1][1] :].lstrip(" "))
        ends = not follows or _fold(follows.group().rstrip(".")) in _listed("not_in_names")
        if not known and not (lower and ends):
            return
        if not ends:  # "olen emilia lahdosta": what is sure is the first word
            pieces = pieces[:1]
    end = pieces[-1][1]
    yield PersonName(_written(text[start:end]), start, end)


def _skip_filling(text: str, begin: int) -> int:
    """Where the words after an introduction begin ("oon siis Ulla")."""
    filling = pattern("name_around")
    at = begin
    while True:
        lead = _AFTER_INTRODUCTION.match(text, at)
        at = lead.end() if lead else at
        match = filling.match(text, at)
        if not match:
            return at
        at = match.end()


def _name_words(text: str, at: int) -> list[tuple[str, int]]:
    """The words from here on that can be a name, each with its end."""
    pieces: list[tuple[str, int]] = []
    count, capitals = 0, False
    particles = _listed("name_particles")
    while count < _MOST_WORDS and (match := _WORD.match(text, at)):
        dotted = match.group().endswith(".")
        word, end = match.group().rstrip("."), match.end() - dotted
        if not pieces or _fold(word) not in particles:
            upper = any(part[:1].isupper() for part in word.split("-"))  # "al-Farsi"
            # after a name, a capital makes one of any word: "Amartya Sen", "Kim Sun"
            ordinary = _is_ordinary(word) and not (capitals and upper)
            if ordinary or (capitals and not upper):
                break
            if not upper and count >= _MOST_LOWER_WORDS:
                break
            count, capitals = count + 1, capitals or upper
        pieces.append((word, end))
        gap = _GAP.match(text, end)
        if dotted or not gap:
            break
        at = gap.end()
    while pieces and _fold(pieces[-1][0]) in particles:
        pieces.pop()
    return pieces


def _before(text: str, end: int) -> Iterator[PersonName]:
    """The name that ends here: "Liisa Korhonen on nimi", "hi, Tom here"."""
    before = text[:end].rstrip()
    match = re.search(r"(?:[^\W\d_][\w'’-]*[ ]){0,3}[^\W\d_][\w'’-]*$", before)
    if not match:
        return
    pieces: list[tuple[str, int]] = []
    for each in reversed(list(_WORD.finditer(before, match.start()))):
        word = each.group()
        if _fold(word) in _listed("not_in_names") or _fold(word) in _listed("name_around"):
            break
        if not word[0].isupper() and _fold(word) not in _listed("first_names"):
            break
        pieces.append((word, each.start()))
    if pieces:
        start = pieces[-1][1]
        yield PersonName(_written(before[start:]), start, len(before))


def _beside_contacts(text: str, spans: list[tuple[int, int]]) -> PersonName | None:
    """A message that is a name with a phone number or an address: "liisa virta 045 555 0138"."""
    letters = list(text)
    for start, end in spans:
        letters[start:end] = " " * (end - start)
    rest = "".join(letters)
    start, end = _without_edges(rest, 0, len(rest))
    pieces = rest[start:end].split()
    if not 2 <= len(pieces) <= _MOST_WORDS - 1 or not _WHOLE.fullmatch(rest[start:end]):
        return None
    if _has_ordinary_word(pieces) or rest[start:end] != " ".join(pieces):
        return None
    known = _fold(pieces[0]) in _listed("first_names")
    if not known and not all(piece[0].isupper() for piece in pieces):
        return None
    return PersonName(_written(rest[start:end]), start, end)


def _unless_staff(names: Iterable[PersonName]) -> Iterator[PersonName]:
    return (name for name in names if " " in name.value or not _is_staff(name.value))


def _is_staff(name: str) -> bool:
    return bool(business_names.staff().find(name))


def _without_greeting(text: str) -> str:
    return pattern("name_around").sub("", text)


def _without_edges(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    return start, end


def _has_ordinary_word(pieces: Iterable[str]) -> bool:
    before: str | None = None
    for piece in pieces:
        capitals = piece[:1].isupper() and before is not None and before[:1].isupper()
        if not capitals and _is_ordinary(piece):
            return True
        before = piece
    return False


def _is_ordinary(word: str) -> bool:
    """Whether a word is no part of a name: "jo" is "already" in Finnish, "Jo" may be somebody."""
    named = word[:1].isupper() and _fold(word) in (
        _listed("first_names_with_capital") | _listed("first_names")
    )
    return not named and _fold(word) in _listed("not_in_names")


def _written(name: str) -> str:
    """A name with its capitals; one that has some of its own is left alone."""
    name = " ".join(name.split())
    if not name.islower() and not (name.isupper() and len(name) > 3):
        return name
    pieces = name.lower().split()
    particles = _listed("name_particles")
    return " ".join(
        piece if number and _fold(piece) in particles else _capital(piece)
        for number, piece in enumerate(pieces)
    )


def _capital(piece: str) -> str:
    piece = re.sub(r"(^|[-'’])([^\W\d_])", lambda m: m[1] + m[2].upper(), piece)
    if piece.startswith("Mc") and len(piece) > 4:  # McDonald
        piece = f"Mc{piece[2].upper()}{piece[3:]}"
    return piece


def _fold(word: str) -> str:
    return without_umlauts(word.casefold())


@lru_cache(maxsize=8)
def _listed(key: str) -> frozenset[str]:
    return frozenset(_fold(word) for word in words(key))
