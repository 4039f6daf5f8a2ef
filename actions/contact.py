"""Name, e-mail and phone: taken the same way in every form that asks for them."""

from __future__ import annotations

from typing import Any

from actions.form import Draft
from actions.turn import Turn
from tiski.nlu.lexicon import any_of, lexicon
from tiski.nlu.person_names import bare_name

# A rare name looks like gibberish to the desk, but a name of four words is rarer than a question.
_MOST_WORDS_IF_ODD = 3
_SURE_ENOUGH = 0.5
# A single word that looks like yes or no: "juuh" is far surer than "noa"
_SURE_OF_ONE_WORD = 0.95


def take_name(turn: Turn, draft: Draft, asked: str | None) -> None:
    """Fill `contact_name`: a name that is announced, or the whole answer to "your name?"."""
    name = turn.entity("name")
    if name is None and asked == "contact_name" and not turn.is_button:
        bare = bare_name(turn.text)
        corrects = bare and (turn.entity("staff") or turn.entity("service"))
        if bare and not corrects and not _is_no_name(turn, bare.value):
            name = bare.value
    if name:
        draft["contact_name"] = name


def _is_no_name(turn: Turn, name: str) -> bool:
    """ "Yes" is nobody's name, nor is "what is the meaning of life"."""
    if any(said.has_time for said in turn.times()):
        return True  # "no, half past three" corrects the time
    if turn.confidence <= _SURE_ENOUGH:
        return False
    if turn.intent == "out_of_scope":
        return len(name.split()) > _MOST_WORDS_IF_ODD
    capitals = [word[0].isupper() for word in name.split()]
    written_as_name = len(capitals) > 1 and all(capitals)  # "Emma Stone" sounds like "stop"
    if turn.intent == "stop":
        return not written_as_name
    if turn.intent not in ("affirm", "deny") or written_as_name:
        return False
    if len(capitals) > 1:
        return True
    # "Jo" and "Noa" are names where a capital begins them and the language has no such yes or no
    said_so = any_of(lexicon()[turn.language]["yes_or_no"]).fullmatch(name) is not None
    return said_so or (not capitals[0] and turn.confidence >= _SURE_OF_ONE_WORD)


def contact_of(turn: Turn) -> dict[str, Any]:
    """Who the customer said to be and how to reach them: {"name", "email", "phone"}."""
    return {part: turn.slot(f"contact_{part}") for part in ("name", "email", "phone")}


def take_contact(turn: Turn, draft: Draft) -> None:
    """Fill `contact_email` and `contact_phone`, and `contact` with what to read back."""
    email, phone = turn.entity("email"), turn.entity("phone_number")
    if email:
        draft["contact_email"] = email
    if phone:
        draft["contact_phone"] = phone
    if email or phone:
        draft["contact"] = phone or email
