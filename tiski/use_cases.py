"""Which use cases a business has: what each needs of the page, and what an owner may switch off.

A use case goes by its intent, a question by its whole name (`faq/parking`). What is not on the
page is off: it is neither offered nor promised, and who asks for it hears so kindly
(`tiski/nlu/use_cases.py`). This table is the one place that says which needs what.
"""

from __future__ import annotations

import re

APPOINTMENTS = "appointments"
SHOP = "shop"
CATALOGUE = "catalogue"
GIFT_CARDS = "gift_cards"
NEWSLETTER = "newsletter"
LEADS = "leads"

# What has to be on the page (`Business.features`) for a use case. One that is not named here
# needs nothing: small talk, a person, complaints, privacy, opening hours.
NEEDS: dict[str, str] = {
    **dict.fromkeys(
        (
            "book_appointment",
            "check_availability",
            "reschedule_appointment",
            "cancel_appointment",
            "view_appointment",
            "running_late",
            "confirm_attendance",
            "join_waiting_list",
            "add_visit_note",
            "update_contact_details",
            "ask_service_details",
            "ask_staff",
            "faq/prices",
            "faq/services",
            "faq/cancellation_policy",
        ),
        APPOINTMENTS,
    ),
    **dict.fromkeys(
        (
            "check_order_status",
            "cancel_order",
            "change_order",
            "return_order",
            "request_receipt",
            "report_order_problem",
            "faq/return_policy",
        ),
        SHOP,
    ),
    **dict.fromkeys(("ask_product", "recommend_product"), CATALOGUE),
    **dict.fromkeys(("check_gift_card", "faq/gift_cards"), GIFT_CARDS),
    **dict.fromkeys(("subscribe_newsletter", "unsubscribe_newsletter"), NEWSLETTER),
    **dict.fromkeys(("request_quote", "request_callback"), LEADS),
    **dict.fromkeys(("faq/delivery_options", "faq/delivery_time", "faq/delivery_cost"), "delivery"),
    "faq/parking": "parking",
    "faq/accessibility": "accessibility",
    "faq/warranty": "warranty",
    "faq/walk_in": "walk_in",
    "faq/payment_methods": "payment_methods",
}

# What else an owner may switch off. The rest must work anywhere: to stop, to ask for a person, to
# complain, and to ask about one's own data.
_ALSO_SWITCHABLE = ("faq/discounts", "leave_message", "give_feedback", "report_payment_problem")
# Groups that have no block of their own on the page
_SWITCHABLE_GROUPS = (GIFT_CARDS, NEWSLETTER, LEADS)

# Asked for in a business that does not have it, the first is served as the second where it can be
# ("what does it cost" in a shop is about goods).
INSTEAD = {"faq/prices": "ask_product", "faq/services": "recommend_product"}

_PAYLOAD = re.compile(r"/([a-z_]+)(?:$|[{@])")


def switchable() -> frozenset[str]:
    """Everything that may stand under `off`."""
    return frozenset((*NEEDS, *_ALSO_SWITCHABLE, *_SWITCHABLE_GROUPS))


def of_payload(payload: str) -> str | None:
    """The use case that a button's payload begins; None for one that is a customer's words."""
    match = _PAYLOAD.match(payload)
    return match[1] if match else None
