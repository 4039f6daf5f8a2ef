"""What a person must take up: a ticket with the whole conversation, and words that say when."""

from __future__ import annotations

from typing import Any

from actions.contact import contact_of
from actions.turn import Turn
from tiski.handoff.tickets import TicketReceipt, open_ticket


async def ticket_for(
    turn: Turn,
    kind: str,
    need: str,
    *,
    reference: str | None = None,
    contact: dict[str, Any] | None = None,
) -> TicketReceipt:
    """Open a ticket for the staff from this turn (tiski/handoff/tickets.py).

    Args:
        kind: the intent behind it, e.g. "return_order".
        need: what is wanted, in the customer's words or the desk's.
        reference: an order number or an appointment code.
        contact: {"name", "email", "phone"} where it is not the one that the customer gave, but
            that of an order or an appointment which is theirs.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: nothing was stored.
    """
    return await open_ticket(
        kind=kind,
        need=need,
        language=turn.language,
        conversation_id=turn.conversation_id,
        channel=turn.channel or "",
        transcript=turn.transcript(),
        reference=reference,
        **(contact or contact_of(turn)),
        business=turn.business,
        now=turn.now,
    )


def say_noted(turn: Turn, response: str, receipt: TicketReceipt, **values: Any) -> None:
    """Say that somebody takes it up: the ticket, by when, and where the answer goes.

    `values` are what the response names besides, and instead.
    """
    told = {
        "ticket": receipt.code,
        "when": turn.on_moment(receipt.answer_by),
        "contact": turn.slot("contact"),
    }
    turn.say(response, **{**told, **values})
