"""E-mail addresses, phone numbers, postcodes, order numbers and appointment codes in a message.

A number's kind depends on what stands before it and on what the desk has just asked for:
`kinds` are tried in that order. Nothing here looks into a database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import phonenumbers

from tiski.nlu.emails import find_emails
from tiski.nlu.lexicon import pattern

# digits that stand alone: not a part of a time, a date, a price or a longer word
_NUMBER = re.compile(
    r"(?<![\w/€$£])(?<!\d[.,:-])(?<![€$£]\s)(?:#\s?)?(\d{4,8})"
    r"(?![\w/]|[.,:-]\d|[.,:]-|-[^\W\d]|\s?(?:€|e\b|eur|euro)|\s?(?:ml|g|cl|l|cm|m|km)\b)",
    re.IGNORECASE,
)
# what stands before the year of a date ("15.3. 2026", "joulukuun 2026") and before a time ("klo 1430")
_BEFORE_YEAR = re.compile(r"(?:\d\s?[./-]|\d(?:st|nd|rd|th)|kuu\w*|päivä\w*)[\s,]*$")
_YEAR = re.compile(r"(?:19|20)\d\d")
_CLOCK = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d")
_CODE = re.compile(r"(?<!\w)(?=[a-z]*\d)(?=\d*[a-z])[a-hj-km-np-z2-9]{6}(?!\w)", re.IGNORECASE)
# A code in two halves or letter by letter, as people read one out: "k7m-2xc", "K 7 M 2 X C"
_HALVES = re.compile(
    r"(?<![\w-])([a-hj-km-np-z2-9]{3})([- ])([a-hj-km-np-z2-9]{3})(?![\w-])", re.IGNORECASE
)
_LETTER_BY_LETTER = re.compile(
    r"(?<![\w-])(?:[a-hj-km-np-z2-9][ -]){5}[a-hj-km-np-z2-9](?![\w-])", re.IGNORECASE
)
_CODE_SLOTS = ("appointment_key", "appointment_code")
_POSTCODE_DIGITS = 5
_LEAST_PHONE_DIGITS = 7
# digits with what people put between them; dates look like that, too
_DIGITS = re.compile(r"(?<![\w+])\d(?:[\s()./-]{0,2}\d){6,13}(?![\w])")
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{4}.*|\d{4}[./-]\d{1,2}[./-]\d{1,2}.*", re.DOTALL)
# "Kauppakatu 5 A 12, 33200" and "33200 Tampere"
_HOUSE = re.compile(
    r"\s*\d{1,4}\s?(?:[a-z]\b)?(?:\s?(?:as\.?)?\s?\d{1,3})?\s*,?\s*$", re.IGNORECASE
)
_TOWN = re.compile(r"\s+[A-ZÅÄÖ][a-zåäö]{2,}")


@dataclass(frozen=True)
class Found:
    """One entity: its name in the contract, its value, and where it stands in the text."""

    entity: str
    value: str
    start: int
    end: int


def phone(text: str, region: str = "FI") -> str | None:
    """Return a phone number in E.164, or None; numbers without a country are the region's."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def find_contacts(text: str, *, region: str = "FI", asked: str | None = None) -> list[Found]:
    """Find every contact and number in a message.

    Args:
        text: the message as written.
        region: two-letter country whose phone numbers may lack a country code.
        asked: what the desk has just asked for ("order_number", "appointment_key"), if anything.

    Returns:
        Entities in the order of the text, none overlapping another.
    """
    found: list[Found] = []

    def add(entity: str, value: str, start: int, end: int) -> None:
        if all(end <= other.start or start >= other.end for other in found):
            found.append(Found(entity, value, start, end))

    for address, start, end in find_emails(text, asked):
        add("email", address, start, end)
    for value, start, end in _phones(text, region):
        add("phone_number", value, start, end)
    for code, start, end in _codes(text, asked):
        add("appointment_code", code, start, end)
    if asked in _CODE_SLOTS:
        letters = _code_of_letters(text)
        if letters:
            add("appointment_code", letters.group().upper(), letters.start(), letters.end())
    named_up_to = 0  # a word names the number that follows it, not the one after that
    for match in _NUMBER.finditer(text):
        left = text[max(named_up_to, match.start() - 30) : match.start()].lower()
        if not _is_year_or_clock(match.group(1), left, text[match.end() :]):
            before = [entity.entity for entity in found]
            kind = _kind(match, left, text[match.end() :], asked, before)
            add(kind, match.group(1), match.start(), match.end())
        named_up_to = match.end()
    return sorted(found, key=lambda entity: entity.start)


def _phones(text: str, region: str) -> Iterator[tuple[str, int, int]]:
    """Numbers as phonenumbers finds them, and some ways of writing that it does not know."""
    for number in phonenumbers.PhoneNumberMatcher(text, region):
        value = phonenumbers.format_number(number.number, phonenumbers.PhoneNumberFormat.E164)
        # "10234" is a valid number of some areas; people write at least seven digits of theirs
        if sum(character.isdigit() for character in number.raw_string) >= _LEAST_PHONE_DIGITS:
            yield value, number.start, number.end
    calling_code = str(phonenumbers.country_code_for_region(region))
    for match in _DIGITS.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        if digits.startswith(calling_code):  # "358455550123", without the plus
            digits = f"+{digits}"
        elif not digits.startswith("0") or _DATE.fullmatch(match.group()):
            continue
        value_or_none = phone(digits, region)
        if value_or_none and len(digits) >= _LEAST_PHONE_DIGITS:
            yield value_or_none, match.start(), match.end()


def _codes(text: str, asked: str | None) -> Iterator[tuple[str, int, int]]:
    for match in _CODE.finditer(text):
        yield match.group().upper(), match.start(), match.end()
    spoken_of = asked in _CODE_SLOTS or pattern("code_follows").search(text)
    for match in _HALVES.finditer(text):
        # "abc-234" may be a number plate, and "the 2nd" is no code
        mixed = all(re.search(r"\d", half) and re.search(r"\D", half) for half in match.group(1, 3))
        code = match[1] + match[3]
        if (mixed and match[2] == "-") or (spoken_of and _CODE.fullmatch(code)):
            yield code.upper(), match.start(), match.end()
    for match in _LETTER_BY_LETTER.finditer(text):
        code = re.sub(r"[ -]", "", match.group())
        if _CODE.fullmatch(code):
            yield code.upper(), match.start(), match.end()


def _code_of_letters(text: str) -> re.Match[str] | None:
    """The whole message in capitals ("QWERTY"), or what is called a code ("koodi on qwerty")."""
    named = pattern("code_follows").match(text.strip())
    begin = len(text) - len(text.lstrip()) + (named.end() if named else 0)
    end = len(text.rstrip(" .!?"))
    for behind in pattern("code_precedes").finditer(text, 0, end):
        if behind.end() == end:
            named, end = behind, len(text[: behind.start()].rstrip())
    while begin < end and text[begin] in " :":
        begin += 1
    whole = re.compile(r"[A-Za-z]{6}" if named else r"[A-Z]{6}")
    return whole.fullmatch(text, begin, end)


def _is_year_or_clock(digits: str, left: str, right: str) -> bool:
    before = left.rstrip(" ,.")
    if _YEAR.fullmatch(digits) and (
        _BEFORE_YEAR.search(left) or _last(pattern("year_follows"), before) == len(before) > 0
    ):
        return True
    return bool(_CLOCK.fullmatch(digits)) and (
        _last(pattern("clock_follows"), before) == len(before) > 0
        or bool(pattern("clock_stands_before").match(right.lstrip()))
    )


def _kind(match: re.Match[str], left: str, right: str, asked: str | None, before: list[str]) -> str:
    digits = match.group(1)
    named_postcode = _last(pattern("postcode_follows"), left)
    named_order = _last(pattern("order_number_follows"), left)
    if before[-1:] == ["order_number"] and named_postcode < 0 and _is_of_same_kind(left, asked):
        return "order_number"
    if len(digits) == _POSTCODE_DIGITS and named_postcode >= 0 and named_postcode > named_order:
        return "postcode"
    if "#" in match.group() or named_order >= 0:
        return "order_number"
    if len(digits) == _POSTCODE_DIGITS and (
        asked == "order_proof"
        or "order_number" in before
        or digits.startswith("0")
        or _after_street(left)
        or (asked != "order_number" and _TOWN.match(right))
        or pattern("town").match(right.lstrip(" ,"))
    ):
        return "postcode"
    return "order_number"


def _is_of_same_kind(between: str, asked: str | None) -> bool:
    """Whether a number is another one of the number before: "10321, eiku 10322", "10317 ja 10318"."""
    if pattern("correction").search(between) or pattern("denial").search(between):
        return True
    if pattern("instead").fullmatch(between.strip(" ,")):
        return True
    return asked is None and bool(pattern("both").fullmatch(between.strip()))


def _after_street(left: str) -> bool:
    """Whether a street and a house number end what stands before."""
    ends = {match.end() for match in pattern("street").finditer(left)}
    return any(_HOUSE.match(left, end) for end in ends)


def _last(words: re.Pattern[str], text: str) -> int:
    return max((match.end() for match in words.finditer(text)), default=-1)
