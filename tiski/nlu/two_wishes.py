"""Two wishes in one message: "book me a haircut, and where is my order?".

The message is split where one wish can end and another begin, each part is classified, and only
two different, sure wishes count as two. Most messages with an "and" hold one wish, so everything
that is unsure stays one. N-grams look first, at little cost; the whole model, whose encoder takes
milliseconds for each part, is asked only where they see two wishes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tiski.nlu.lexicon import words

# Both parts must be this sure, for a glance and for the whole model. Of 300 pairs of held-out
# messages joined by "and" they find 236 in Finnish and 259 in English, and split 5 and 3 of 954
# held-out messages with one wish. The whole model alone: 238, 265, 8 and 5; n-grams alone, at a
# threshold of .65: 235, 241, 3 and 4.
LIKELY, SURE = 0.2, 0.55
_FEWEST_LETTERS = 4
_LONGEST = 300  # a longer message tells a story
# What is said beside a wish and is none
NO_WISHES = frozenset(
    {
        "greet",
        "goodbye",
        "thank",
        "affirm",
        "deny",
        "inform",
        "stop",
        "start_over",
        "ask_clarification",
        "change_language",
        "bot_challenge",
        "ask_capabilities",
        "out_of_scope",
        "give_feedback",
        "complain",
        "report_unhelpful",
        "add_visit_note",
    }
)
# Two words for one wish: who says the second has told more of the first.
_ONE_WISH = tuple(
    frozenset(pair)
    for pair in (
        ("book_appointment", "check_availability"),
        ("book_appointment", "join_waiting_list"),
        ("book_appointment", "ask_staff"),
        ("check_availability", "ask_staff"),
        ("reschedule_appointment", "check_availability"),
        ("reschedule_appointment", "cancel_appointment"),
        ("reschedule_appointment", "book_appointment"),
        ("reschedule_appointment", "view_appointment"),
        ("cancel_appointment", "view_appointment"),
        ("running_late", "reschedule_appointment"),
        ("running_late", "view_appointment"),
        ("return_order", "report_order_problem"),
        ("return_order", "cancel_order"),
        ("return_order", "faq/return_policy"),
        ("change_order", "cancel_order"),
        ("change_order", "check_order_status"),
        ("check_order_status", "report_order_problem"),
        ("check_order_status", "faq/delivery_time"),
        ("report_payment_problem", "report_order_problem"),
        ("recommend_product", "ask_product"),
        ("request_callback", "request_human"),
        ("request_callback", "leave_message"),
        ("request_quote", "faq/prices"),
        ("request_quote", "book_appointment"),
        ("request_my_data", "faq/privacy"),
        ("request_my_data", "delete_my_data"),
        ("faq/gift_cards", "check_gift_card"),
        ("ask_service_details", "faq/prices"),
        ("faq/walk_in", "book_appointment"),
        ("faq/walk_in", "check_availability"),
    )
)

# A mark that ends a sentence, a word such as "and", or both
_WORDS = "|".join(re.escape(word) for word in sorted(words("next_wish"), key=len, reverse=True))
_BETWEEN = re.compile(
    rf"(?P<mark>[.?!;]+)\s+(?:(?:{_WORDS})\s+)?|,?\s+(?:{_WORDS})\s+", re.IGNORECASE
)

Guess = tuple[str, float]  # a label (questions as faq/…) and how sure it is
Classify = Callable[[Sequence[str]], list[Guess]]  # the best label of each text


@dataclass(frozen=True)
class TwoWishes:
    """Where the second wish begins, and what each is."""

    first: Guess
    second: Guess
    first_end: int
    second_start: int  # the second goes on to the end


def find_two_wishes(text: str, glance: Classify, classify: Classify) -> TwoWishes | None:
    """Return the two wishes of a message, or None if it holds one.

    Args:
        text: as the customer wrote it.
        glance: classifies at little cost; where it sees one wish, that is the answer.
        classify: classifies as well as can be.
    """
    if len(text) > _LONGEST:
        return None
    seen = _split(text, list(_places(text)), glance, LIKELY)
    places = [(wishes.first_end, wishes.second_start) for wishes in seen]
    return max(_split(text, places, classify, SURE), key=_least, default=None)


def _split(
    text: str, places: list[tuple[int, int]], classify: Classify, threshold: float
) -> list[TwoWishes]:
    """The wishes at those of the places where both parts are one that is likely enough."""
    if not places:
        return []
    guesses = classify([part for end, start in places for part in (text[:end], text[start:])])
    return [
        TwoWishes(first, second, end, start)
        for (end, start), first, second in zip(places, guesses[::2], guesses[1::2], strict=True)
        if _are_two(first, second, threshold)
    ]


def _least(wishes: TwoWishes) -> float:
    return min(wishes.first[1], wishes.second[1])


def _are_two(first: Guess, second: Guess, threshold: float) -> bool:
    return (
        min(first[1], second[1]) >= threshold
        and not {first[0], second[0]} & NO_WISHES
        and not are_one_wish(first[0], second[0])
    )


def are_one_wish(label: str, other: str) -> bool:
    """Whether two labels are the same, or two words for one wish."""
    return label == other or {label, other} in _ONE_WISH


def _places(text: str) -> Iterator[tuple[int, int]]:
    """Where the first wish may end and the second begin."""
    for match in _BETWEEN.finditer(text):
        # a question mark belongs to what it ends
        end = match.start() + len(match["mark"] or "")
        if min(len(text[:end].strip()), len(text[match.end() :].strip())) >= _FEWEST_LETTERS:
            yield end, match.end()
