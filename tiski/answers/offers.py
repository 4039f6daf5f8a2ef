"""What the desk may offer and promise: nothing that this business does not have.

`kept` drops buttons that lead to a use case that is off; the facts name what there is, for
sentences that tell what the desk does: `{tasks}`, `{in_tasks}`, `{can_do}`, and `{not_here}` for
the answer to somebody who asks for what there is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from tiski import use_cases, words
from tiski.answers import dates
from tiski.business import Business

B = TypeVar("B", bound=Mapping[str, Any])

# What has to be offered for a sentence of data/words/use_cases.yml to be said
_TASKS = {
    "appointments": ("book_appointment",),
    "orders": ("check_order_status",),
}
_ABILITIES = {
    "appointments": (
        "check_availability",
        "book_appointment",
        "reschedule_appointment",
        "cancel_appointment",
    ),
    "orders": (
        "check_order_status",
        "cancel_order",
        "change_order",
        "return_order",
        "report_order_problem",
    ),
    "goods": ("ask_product", "recommend_product"),
    "leads": ("request_quote", "request_callback"),
}
_SAID_BY_NAME = frozenset(
    {"appointments", "shop", "catalogue", "gift_cards", "newsletter", "leads", "delivery"}
)


def kept(buttons: Sequence[B], business: Business) -> list[B]:
    """Those of the buttons that lead to something that this business has."""
    return [button for button in buttons if is_offered(str(button.get("payload")), business)]


def is_offered(payload: str, business: Business) -> bool:
    """Whether a button's payload may be offered: `/intent`, or a question in words."""
    if payload.startswith("/"):
        use_case = use_cases.of_payload(payload)
    else:
        use_case = _questions().get(_plain(payload))
    return use_case is None or business.offers(use_case)


@lru_cache(maxsize=1)
def _questions() -> dict[str, str]:
    """The use case of each question that is asked by a button, by its plain words."""
    beginning = "choice_" + "faq_"
    return {
        _plain(text): f"faq/{key.removeprefix(beginning)}"
        for key, texts in words.beginning_with(beginning).items()
        for text in texts
    }


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip("?!. ")


def offer_facts(business: Business, language: str) -> dict[str, str]:
    """Return `tasks`, `in_tasks`, `can_do` and `can_do_in_short`, as they stand in sentences."""
    tasks = [name for name, needed in _TASKS.items() if all(map(business.offers, needed))]
    tasks.append("questions")
    able = [name for name, needed in _ABILITIES.items() if all(map(business.offers, needed))]
    in_short = [words.phrase(f"words_can_{name}_in_short", language) for name in able]
    return {
        "tasks": dates.say_list(
            [words.phrase(f"words_task_{x}", language) for x in tasks], language
        ),
        "in_tasks": dates.say_list(
            [words.phrase(f"words_in_{x}", language) for x in tasks], language
        ),
        "can_do": " ".join(words.phrase(f"words_can_{name}", language) for name in able),
        "can_do_in_short": " ".join(in_short),
    }


def not_here(business: Business, use_case: str | None, language: str) -> str:
    """What is said of a use case that this business does not have."""
    need = use_cases.NEEDS.get(use_case or "")
    if need is None or need in business.features:  # switched off by itself
        return words.phrase("words_not_here", language)
    kind = need if need in _SAID_BY_NAME else "other"
    said = words.phrase(f"words_not_here_{kind}", language)
    if need == use_cases.APPOINTMENTS and business.policies.walk_in:
        said += f" {business.policies.walk_in.get(language)}"
    return said
