"""tiski/answers/moods.py: who is met with words about the mood, and when."""

from __future__ import annotations

from rasa.shared.core.events import SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from tiski.answers.moods import MoodWords, joined


def said(text: str, mood: str | None, intent: str = "inform", hurt: bool = False) -> UserUttered:
    parsed = {"mood": {"name": mood, "hurt": hurt}} if mood else {}
    event = UserUttered(text, {"name": intent, "confidence": 1.0})
    event.parse_data.update(parsed)
    return event


def tracker(*events: UserUttered | SessionStarted) -> DialogueStateTracker:
    conversation = DialogueStateTracker("someone", [])
    for event in events:
        conversation.update(event)
    return conversation


def test_the_first_upset_message_is_met_once() -> None:
    words = MoodWords()
    conversation = tracker(said("moi", "neutral"), said("nyt riitti", "angry"))
    assert words.take(conversation) == "utter_mood_angry"
    assert words.take(conversation) is None  # the second text of the same answer
    conversation.update(said("haista paska", "angry"))
    assert words.take(conversation) is None
    assert MoodWords().take(conversation) is None  # after a restart of the server, too


def test_a_new_session_is_a_new_conversation() -> None:
    conversation = tracker(
        said("nyt riitti", "angry"), SessionStarted(), said("itken", "distressed")
    )
    assert MoodWords().take(conversation) == "utter_mood_distressed"


def test_who_may_be_hurt() -> None:
    conversation = tracker(said("päänahka palaa", "distressed", hurt=True))
    assert MoodWords().take(conversation) == "utter_mood_hurt"


def test_where_help_is_is_said_to_whoever_complains_and_after_an_angry_word() -> None:
    hurt = said("päänahka palaa", "distressed", "complain", hurt=True)
    assert MoodWords().take(tracker(hurt)) == "utter_mood_hurt"
    assert MoodWords().take(tracker(said("nyt riitti", "angry"), hurt)) == "utter_mood_hurt"
    again = said("se sattuu vieläkin", "distressed", hurt=True)
    assert MoodWords().take(tracker(hurt, again)) is None


def test_whoever_complains_or_asks_for_a_person_is_met_already() -> None:
    for intent in ("complain", "request_human"):
        assert MoodWords().take(tracker(said("nyt riitti", "angry", intent))) is None


def test_other_messages() -> None:
    assert MoodWords().take(tracker()) is None
    assert MoodWords().take(tracker(said("moi", "neutral"), said("/stop", None))) is None


def test_answers_are_joined() -> None:
    human = {"title": "A person", "payload": "/request_human"}
    first = {"text": "Sorry.", "buttons": [human]}
    assert joined(first, {"text": "It is sent."}) == {
        "text": "Sorry.\n\nIt is sent.",
        "buttons": [human],
    }
    other = {"title": "Stop", "payload": "/stop"}
    answer = {"text": "When?", "buttons": [other, human], "metadata": {"a": 1}}
    assert joined(first, answer)["buttons"] == [other, human]
    assert joined(first, answer)["metadata"] == {"a": 1}
