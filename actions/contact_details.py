"""A new phone number or e-mail for the customer's coming appointments, after a proof by the old."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from actions.desk_action import DeskAction, Events
from actions.form import Draft, after_form, ended_early, said_yes
from actions.own_appointment import OwnAppointmentForm, is_resumed, own_appointments
from actions.turn import Turn
from tiski.answers import dates
from tiski.booking.errors import NoSuchAppointment
from tiski.booking.visits import change_contact
from tiski.db.session import run
from tiski.nlu.lexicon import pattern

_KINDS = {"email": "email", "phone_number": "phone"}
_BEFORE = 30  # characters in which "my old number" stands before the number


class ContactDetailsForm(OwnAppointmentForm):
    form = "contact_details_form"
    own_intents = frozenset({"update_contact_details"})

    def questions(self, turn: Turn, draft: Draft) -> list[str]:
        return ["appointment_key", "new_contact", "contact_change_confirmed"]

    async def begin(self, turn: Turn, draft: Draft) -> None:
        draft["contact_change_confirmed"] = None
        if not is_resumed(turn):
            draft["new_contact"] = None
        await super().begin(turn, draft)
        renamed = not turn.is_button and pattern("name_changed").search(turn.text)
        if renamed and not any(turn.entities(kind) for kind in _KINDS):
            turn.say(
                "utter_name_change_by_staff",
                buttons=[turn.button("button_human", "/request_human")],
            )
            draft["offer"] = "handoff_form"
            draft.finish("refused")

    async def fill(self, turn: Turn, draft: Draft, asked: str | None) -> None:
        if draft["form_result"]:
            return
        _, new = _contacts(turn, draft, asked)
        if new:
            draft["new_contact"] = new
        if asked == "contact_change_confirmed" and not new:
            answer = said_yes(turn)
            if answer:
                draft["contact_change_confirmed"] = True
            elif answer is False:
                draft["new_contact"] = None
            return
        await super().fill(turn, draft, asked)

    def proofs(self, turn: Turn, draft: Draft, asked: str | None) -> dict[str, str]:
        code = turn.entity("appointment_code")
        old, _ = _contacts(turn, draft, asked)
        if old and draft["new_contact"] and set(old.values()) <= set(draft["new_contact"].values()):
            turn.say("utter_old_contact_needed")  # costs no try
            draft.explained = True
            return {}
        return {"code": code} if code else old


def _contacts(turn: Turn, draft: Draft, asked: str | None) -> tuple[dict[str, str], dict[str, str]]:
    """The old and the new contact of a message, each {email | phone: value}.

    A word before it tells ("my old number"), or else the question that was asked; in the first
    message the last one is new, and one before it old.
    """
    found = [e for e in turn.latest_entities if e.get("entity") in _KINDS and e.get("value")]
    old: dict[str, str] = {}
    new: dict[str, str] = {}
    end = 0
    for entity in found:
        start = entity.get("start", 0)
        before = turn.text[max(end, start - _BEFORE) : start]
        end = entity.get("end", 0)
        if pattern("new_contact").search(before):
            is_old = False
        elif pattern("old_contact").search(before) or asked == "appointment_key":
            is_old = True
        else:
            is_old = asked is None and entity is not found[-1] and not draft["appointment_key"]
        (old if is_old else new)[_KINDS[entity["entity"]]] = entity["value"]
    if new and old == new:
        old = {}
    return old, new


class AskContactChangeConfirmed(DeskAction):
    action = "action_ask_contact_change_confirmed"

    async def serve(self, turn: Turn) -> Events:
        mine = await own_appointments(turn)
        turn.say(
            "utter_ask_contact_change_confirmed",
            contact=_said(turn),
            visits=dates.say_list([turn.moment(one.starts_at) for one in mine], turn.language),
            buttons=[
                turn.button("button_yes_change", "/affirm"),
                turn.button("button_not_right", "/deny"),
            ],
        )
        return []


def _said(turn: Turn) -> str:
    new: dict[str, str] = turn.slot("new_contact") or {}
    return dates.say_list([new[key] for key in ("phone", "email") if key in new], turn.language)


class UpdateContactDetails(DeskAction):
    action = "action_update_contact_details"
    clears = ("appointment_code", "new_contact", "contact_change_confirmed")

    def after_failure(self, turn: Turn) -> Events:
        """Keep what was said; a yes leads back to the question."""
        return [
            SlotSet("contact_change_confirmed", None),
            SlotSet("offer", ContactDetailsForm.form),
        ]

    async def serve(self, turn: Turn) -> Events:
        if ended_early(turn):
            return after_form(turn, self.clears)
        new: dict[str, str] = turn.slot("new_contact")
        mine = await own_appointments(turn)
        try:
            if not mine:
                raise NoSuchAppointment
            await run(change_contact, [one.code for one in mine], **new, now=turn.now)
        except NoSuchAppointment:
            turn.say("utter_no_appointments")
            return after_form(turn, (*self.clears, "appointment_key"), result="failed")
        turn.say("utter_contact_changed", contact=_said(turn))
        code = mine[0].code
        events = after_form(turn, self.clears, reference=code)
        events += [SlotSet(f"contact_{kind}", value) for kind, value in new.items()]
        events.append(SlotSet("contact", new.get("phone") or new["email"]))
        if next(iter(turn.slot("appointment_key"))) in new:
            # Not the new contact: it may be somebody else's, and would open their appointments.
            events.append(SlotSet("appointment_key", {"code": code}))
        return events
