"""Feedback: a rating from 1 to 5, a word, praise; and "that answer did not help"."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk.events import SlotSet

from actions.ask_rating import ASKS_RATING, FEEDBACK, response_of, was_asked_just_now
from actions.desk_action import DeskAction, Events
from actions.form import REQUESTED_SLOT, DeskForm, Draft, after_form
from actions.turn import LONGEST_TEXT, Turn
from tiski import words
from tiski.customers.feedback import keep, keep_unhelpful
from tiski.db.session import run
from tiski.nlu.lexicon import pattern

#: the value of the slot `rating` when the customer would not give one
NO_RATING = "none"
# Up to this a person is offered
_UNHAPPY = 2
# Fewer words than these tell nothing
_LEAST_WORDS = 2
# To the question for a word, and to the one for a rating once praise is stored: nothing more
_NOTHING_MORE = frozenset({"deny", "stop", "thank", "goodbye"})
# How a comment may read that only tells what went well or badly
_LIKE_A_COMMENT = frozenset({"running_late", "complain", "view_appointment", "confirm_attendance"})
_SHORT = 3
# The form ended because nothing more was asked; its last action has nothing to say
_ENOUGH = "enough"
_CLEARS = ("rating", "feedback_comment", "feedback_about")


def content_of(turn: Turn, frame: str) -> str | None:
    """What a message tells, or None where it only announces that something will be told.

    Args:
        frame: the words of tiski/nlu/lexicon that announce, e.g. "feedback_frame".
    """
    if turn.is_button:
        return None
    rest = pattern("rating_around").sub(" ", pattern(frame).sub(" ", turn.besides("rating")))
    told = re.findall(r"[^\W\d_]{2,}", rest)
    return turn.told if len(told) >= _LEAST_WORDS else None


class FeedbackForm(DeskForm):
    form = FEEDBACK
    own_intents = frozenset({"give_feedback"})
    free_text = frozenset({"feedback_comment"})

    def questions(self, turn: Turn, draft: Draft) -> list[str]:
        if _is_unhappy(draft["rating"]):
            return ["rating"]  # a person is offered instead of a form for a comment
        return ["rating", "feedback_comment"]

    async def serve(self, turn: Turn) -> Events:
        events = await super().serve(turn)
        asked = turn.slot(REQUESTED_SLOT)
        if asked and self._was_rejected(turn) and _is_optional(turn, asked):
            # Something else came in between; what was said is stored, and that is enough
            return [SlotSet("form_result", _ENOUGH), SlotSet(REQUESTED_SLOT, None)]
        return events

    def steps_aside(self, turn: Turn, asked: str | None) -> bool:
        if asked and _is_optional(turn, asked) and turn.intent in _NOTHING_MORE:
            return False
        if asked == "feedback_comment" and turn.intent in _LIKE_A_COMMENT and "?" not in turn.text:
            return False  # "I waited too long" is what went wrong, not somebody who is late
        return super().steps_aside(turn, asked)

    async def begin(self, turn: Turn, draft: Draft) -> None:
        draft["rating"] = draft["feedback_comment"] = None
        draft["feedback_asked"] = True
        tapped = turn.is_button and turn.entity("rating")
        if not (was_asked_just_now(turn) or tapped):
            draft["feedback_about"] = None

    async def fill(self, turn: Turn, draft: Draft, asked: str | None) -> None:
        rating, told = _rating_of(turn), content_of(turn, "feedback_frame")
        if rating:
            draft["rating"] = rating
        if asked == "feedback_comment":
            if not rating or told:
                draft["feedback_comment"] = "" if _is_nothing_more(turn) else turn.text
        elif asked == "rating":
            self._without_rating(turn, draft, told)
        elif turn.intent == "give_feedback" and told:
            draft["feedback_comment"] = told
        if rating or (draft.changes.get("feedback_comment") and not turn.is_button):
            await _keep(turn, draft)
        if asked is None and told and not rating and draft["feedback_comment"]:
            turn.say("utter_praise_received")

    def _without_rating(self, turn: Turn, draft: Draft, told: str | None) -> None:
        """ "No" to the rating: it is asked for once, and then a word will do."""
        if draft["rating"]:
            if told:
                draft["feedback_comment"] = told
            return
        praised = draft["feedback_comment"]
        if turn.intent == "give_feedback" and told:
            draft["feedback_comment"] = f"{praised}\n{told}"[:LONGEST_TEXT] if praised else told
            draft["rating"] = NO_RATING
        elif praised or turn.intent == "deny":
            draft["rating"] = NO_RATING


def _rating_of(turn: Turn) -> int | None:
    """The rating in the message; a button carries it as it was written there."""
    value = turn.entity("rating")
    return int(value) if str(value) in {"1", "2", "3", "4", "5"} else None


def _is_unhappy(rating: Any) -> bool:
    return isinstance(rating, int) and rating <= _UNHAPPY


def _is_optional(turn: Turn, asked: str) -> bool:
    """Whether the customer has said something already, and the question may go unanswered."""
    return asked == "feedback_comment" or bool(turn.slot("feedback_comment"))


def _is_nothing_more(turn: Turn) -> bool:
    if turn.is_button or pattern("nothing_more").fullmatch(turn.text.strip(" .,!")):
        return True
    return turn.intent in _NOTHING_MORE and len(turn.text.split()) <= _SHORT


async def _keep(turn: Turn, draft: Draft) -> None:
    rating = draft["rating"]
    await run(
        keep,
        conversation_id=turn.conversation_id,
        rating=rating if isinstance(rating, int) else None,
        comment=draft["feedback_comment"] or None,
        about=draft["feedback_about"],
        language=turn.language,
        channel=turn.channel,
        now=turn.now,
    )


class ThankForFeedback(DeskAction):
    """What was said is stored by now; here it is thanked for."""

    action = "action_thank_for_feedback"

    async def serve(self, turn: Turn) -> Events:
        ended, rating = turn.slot("form_result"), turn.slot("rating")
        comment = turn.slot("feedback_comment")
        if ended:
            return after_form(turn, _CLEARS, result="done" if ended == _ENOUGH else None)
        if _is_unhappy(rating):
            return self._offer_person(turn, comment)
        if rating == NO_RATING and not comment:
            turn.say("utter_declined")
            return after_form(turn, _CLEARS, result="stopped")
        turn.say("utter_thanks_for_feedback")
        return after_form(turn, _CLEARS)

    def _offer_person(self, turn: Turn, comment: str | None) -> Events:
        turn.say(
            "utter_sorry_about_rating",
            buttons=[
                turn.button("button_tell_what_happened", "/complain"),
                turn.button("button_no", "/deny"),
            ],
        )
        events = after_form(turn, _CLEARS)
        told = SlotSet("complaint", comment or None)  # it need not be told twice
        if turn.slot("paused_form"):
            return [*events, told]  # a yes is for what was left; the button is still there
        return [*events, told, SlotSet("offer", "complaint_form")]


class NoteUnhelpful(DeskAction):
    """An answer did not help: which one is stored, then other words or a person are offered."""

    action = "action_note_unhelpful"

    async def serve(self, turn: Turn) -> Events:
        answer = _last_answer(turn)
        if turn.is_button and turn.entity("change") == "words":
            self._say_otherwise(turn, answer)
            return []
        await run(
            keep_unhelpful,
            conversation_id=turn.conversation_id,
            about=answer,
            comment=None if turn.is_button else turn.told,
            language=turn.language,
            channel=turn.channel,
            now=turn.now,
        )
        turn.say(
            "utter_sorry_unhelpful",
            buttons=[
                turn.button("button_other_words", f'/report_unhelpful{{"change": "{_WORDS}"}}'),
                turn.button("button_human", "/request_human"),
            ],
        )
        return []

    def _say_otherwise(self, turn: Turn, answer: str | None) -> None:
        if answer and "/" in answer and len(words.phrases(answer, turn.language)) > 1:
            turn.say(answer)  # the desk's generator takes the variation that was not said
        else:
            turn.say(
                "utter_ask_in_other_words",
                buttons=[turn.button("button_human", "/request_human")],
            )


_WORDS = "words"
# What the desk says that is no answer: questions, and this very conversation about one
_NO_ANSWER = re.compile(r"utter_(?:ask_|explain_|offer_|sorry_unhelpful|not_caught|form_stuck).*")


def _last_answer(turn: Turn) -> str | None:
    """The response that was the desk's last answer; its questions after it do not count."""
    for event in reversed(turn.tracker.events):
        key = response_of(event) if event.get("event") == "bot" else None
        if key and key != ASKS_RATING and not _NO_ANSWER.fullmatch(key):
            return key
    return None
