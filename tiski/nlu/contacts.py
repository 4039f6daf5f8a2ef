"""E-mail addresses, phone numbers, postcodes, order numbers and appointment codes in a message.

A number's kind depends on what stands before it and on what the desk has just asked for:
`kinds` are tried in that order. Nothing here looks into a database.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from tiski.nlu.lexicon import pattern

# bounded, and no second @: a message of a thousand @ must not take a second to read
_EMAIL = re.compile(r"[^\s<>,;:()\"'@]{1,64}@[^\s<>,;:()\"'@]{1,255}")
_SENTENCE_END = ".!?"
# digits that stand alone: not a part of a time, a date, a price or a longer word
_NUMBER = re.compile(
    r"(?<![\w/€$£])(?<!\d[.,:-])(?<![€$£]\s)#?\s?(\d{4,8})"
    r"(?![\w/]|[.,:-]\d|[.,:]-|\s?(?:€|e\b|eur|euro)|\s?(?:ml|g|cl|l|cm|m|km)\b)",
    re.IGNORECASE,
)
# what stands before the year of a date ("15.3. 2026", "joulukuun 2026") and before a time ("klo 1430")
_BEFORE_YEAR = re.compile(r"(?:\d\s?[./-]|\d(?:st|nd|rd|th)|kuu\w*|päivä\w*)[\s,]*$")
_YEAR = re.compile(r"(?:19|20)\d\d")
_CLOCK = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d")
_CODE = re.compile(r"(?<!\w)(?=[a-z]*\d)(?=\d*[a-z])[a-hj-km-np-z2-9]{6}(?!\w)", re.IGNORECASE)
_CODE_SLOTS = ("appointment_key", "appointment_code")
_POSTCODE_DIGITS = 5


@dataclass(frozen=True)
class Found:
    """One entity: its name in the contract, its value, and where it stands in the text."""

    entity: str
    value: str
    start: int
    end: int


def email(text: str) -> str | None:
    """Return a valid e-mail address in lower case, or None. Looks at the syntax only."""
    try:
        checked = validate_email(
            text.strip().rstrip(_SENTENCE_END), check_deliverability=False, test_environment=True
        )
    except EmailNotValidError:
        return None
    return checked.normalized.lower()


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

    for match in _EMAIL.finditer(text):
        address = email(match.group())
        if address:
            length = len(match.group().rstrip(_SENTENCE_END))
            add("email", address, match.start(), match.start() + length)
    for number in phonenumbers.PhoneNumberMatcher(text, region):
        value = phonenumbers.format_number(number.number, phonenumbers.PhoneNumberFormat.E164)
        digits = number.raw_string.strip()
        # "10234" is a valid number of some areas; people write at least seven digits of theirs
        if sum(character.isdigit() for character in digits) >= 7:
            add("phone_number", value, number.start, number.end)
    for match in _CODE.finditer(text):
        add("appointment_code", match.group().upper(), match.start(), match.end())
    if asked in _CODE_SLOTS:
        letters = _code_of_letters(text)
        if letters:
            add("appointment_code", letters.group().upper(), letters.start(), letters.end())
    named_up_to = 0  # a word names the number that follows it, not the one after that
    for match in _NUMBER.finditer(text):
        left = text[max(named_up_to, match.start() - 30) : match.start()].lower()
        if not _is_year_or_clock(match.group(1), left):
            kind = _kind(match, left, asked, [entity.entity for entity in found])
            add(kind, match.group(1), match.start(), match.end())
        named_up_to = match.end()
    return sorted(found, key=lambda entity: entity.start)


def _code_of_letters(text: str) -> re.Match[str] | None:
    """The whole message in capitals ("QWERTY"), or what is called a code ("koodi on qwerty")."""
    named = pattern("code_follows").match(text.strip())
    begin = len(text) - len(text.lstrip()) + (named.end() if named else 0)
    end = len(text.rstrip(" .!?"))
    while begin < end and text[begin] in " :":
        begin += 1
    whole = re.compile(r"[A-Za-z]{6}" if named else r"[A-Z]{6}")
    return whole.fullmatch(text, begin, end)


def _is_year_or_clock(digits: str, left: str) -> bool:
    before = left.rstrip(" ,.")
    if _YEAR.fullmatch(digits) and (
        _BEFORE_YEAR.search(left) or _last(pattern("year_follows"), before) == len(before) > 0
    ):
        return True
    return bool(_CLOCK.fullmatch(digits) and re.search(r"(?<!\w)(?:klo|kello|at)\s*$", left))


def _kind(match: re.Match[str], left: str, asked: str | None, before: list[str]) -> str:
    digits = match.group(1)
    named_postcode = _last(pattern("postcode_follows"), left)
    named_order = _last(pattern("order_number_follows"), left)
    if len(digits) == _POSTCODE_DIGITS and named_postcode >= 0 and named_postcode > named_order:
        return "postcode"
    if "#" in match.group() or named_order >= 0:
        return "order_number"
    if len(digits) == _POSTCODE_DIGITS and (
        asked == "order_proof" or "order_number" in before or digits.startswith("0")
    ):
        return "postcode"
    return "order_number"


def _last(words: re.Pattern[str], text: str) -> int:
    return max((match.end() for match in words.finditer(text)), default=-1)
