"""Rasa checks what each action answers; here it checks the rules of that check only once.

`RemoteAction` hands every answer to `jsonschema.validate`, which begins by checking the schema
itself: 45 ms of the processor each time, two or three times in a step of a form, about half of what
the customer waits for. A validator that is made once gives the same verdicts.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction

_checked_by_rasa = RemoteAction._validate_action_result


@lru_cache(maxsize=1)
def _validator() -> Validator:
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def _checked(action: RemoteAction, answer: dict[str, Any]) -> bool:
    """Return True for a good answer; for any other, raise what Rasa raises."""
    return _validator().is_valid(answer) or _checked_by_rasa(action, answer)


def check_rules_once() -> None:
    """Let the actions of this process be checked so; called where a channel is opened."""
    RemoteAction._validate_action_result = _checked
