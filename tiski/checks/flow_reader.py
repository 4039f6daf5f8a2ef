"""What the actions of a use case say, and how it ends then: read from the syntax tree of actions/.

Nothing is run. The body of an action is followed from statement to statement, into the functions
and methods of `actions/` that it calls; where a literal is handed over (`say_refused(turn, order,
"cancel")`), the branches and names that hang on it are decided. What remains undecided is followed
both ways, so a chart may show an answer that is rare, but none that is never said.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from typing import Any

from tiski.checks.flow_code import UNKNOWN, ActionCode, Function

_KEY = re.compile(r"utter_[a-z][a-z_]*(?:/[a-z_]+)?")
_DEEPEST = 6
# Slots that hold the intent which began the form, where a form serves several
_SLOTS_OF_INTENT = ("privacy_request", "handoff_topic")
# Said by every action, or only compared with
_NOT_SHOWN = ("utter_system_unavailable", "utter_action_failed", "utter_ask_rating_after")


@dataclass
class Answer:
    """One response, and what becomes of the use case when it is said."""

    key: str
    # done, stopped, failed; again: the form goes on; said: on the way, nothing ends
    result: str = "said"
    offers_person: bool = False
    is_rare: bool = False  # only under a condition that has no other side


@dataclass
class Reading:
    """What a class says, in the order of its code."""

    answers: list[Answer] = field(default_factory=list)
    person_answers: bool = False  # a ticket or a lead is kept, and somebody answers it
    goes_to: list[str] = field(default_factory=list)  # forms and actions that it starts

    def keys(self, *results: str) -> list[Answer]:
        """Its answers with one of these results, each response once, the usual ones first."""
        found: dict[str, Answer] = {}
        for answer in self.answers:
            if answer.result in results:
                found.setdefault(answer.key, answer)
        return sorted(found.values(), key=lambda answer: answer.is_rare)


def read(code: ActionCode, name: str, method: str, intent: str, at_start: bool = False) -> Reading:
    """Read what the class of an action says in one of its methods.

    Args:
        name: the action's, or `validate_<form>`.
        intent: the one that began the use case.
        at_start: the method answers the message with that intent, not a later one.
    """
    reading = Reading()
    owner = code.class_of(name)
    found = code.method(owner, method) if owner is not None else None
    if owner is not None and found is not None:
        reader = _Reader(code, reading, owner, intent, at_start)
        scope = _Scope(code.place(found[0]), found[0], 0)
        reading.answers += reader.body(found[1].body, {}, scope)
    return reading


@dataclass(frozen=True)
class _Scope:
    """Where the code that is read stands."""

    place: int  # the module
    of: str  # the class, for super()
    depth: int  # of calls


class _Reader:
    """Follows one method. `env` holds names whose value is known."""

    def __init__(
        self, code: ActionCode, reading: Reading, owner: str, intent: str, at_start: bool
    ) -> None:
        self.code = code
        self.reading = reading
        self.owner = owner
        self.intent = intent
        self.at_start = at_start

    def body(self, statements: list[ast.stmt], env: dict[str, Any], scope: _Scope) -> list[Answer]:
        """Read statements; return the answers whose end is not known after them."""
        open_ = []
        for statement in statements:
            ends, found = self._statement(statement, env, scope)
            open_ += found
            if ends:
                if isinstance(statement, ast.Return):
                    open_ = self._return(statement, env, scope, open_)
                break
        if any(not answer.key for answer in open_):  # draft.finish(…): what was said ends the form
            open_ = [Answer(a.key, "failed", a.offers_person) for a in open_ if a.key]
        return open_

    def _statement(
        self, node: ast.stmt, env: dict[str, Any], scope: _Scope
    ) -> tuple[bool, list[Answer]]:
        """Whether the block ends here, and the answers that are open."""
        if isinstance(node, ast.If):
            return self._if(node, env, scope)
        if isinstance(node, ast.Try):
            open_ = self.body(node.body, env, scope)
            for handler in node.handlers:
                open_ += self.body(handler.body, dict(env), scope)
            open_ += self.body([*node.orelse, *node.finalbody], env, scope)
            return False, open_
        if isinstance(node, ast.For | ast.While | ast.With | ast.AsyncWith):
            return False, self.body(node.body, env, scope)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            value = self._value(node.value, env, scope)
            env.pop(node.targets[0].id, None)
            if value is not UNKNOWN:
                env[node.targets[0].id] = value
        open_ = self._expressions(node, env, scope)
        return isinstance(node, ast.Return | ast.Raise | ast.Continue | ast.Break), open_

    def _if(self, node: ast.If, env: dict[str, Any], scope: _Scope) -> tuple[bool, list[Answer]]:
        open_ = self._expressions(node.test, env, scope)
        decided = self._value(node.test, env, scope)
        ends = []
        for branch, taken in ((node.body, True), (node.orelse, False)):
            if decided is not UNKNOWN and bool(decided) is not taken:
                ends.append(True)
                continue
            said = self.body(branch, dict(env), scope)
            for answer in said:
                answer.is_rare |= decided is UNKNOWN and not node.orelse
            open_ += said
            ends.append(bool(branch) and isinstance(branch[-1], ast.Return | ast.Raise))
        return all(ends) and decided is UNKNOWN, open_

    def _return(
        self, node: ast.Return, env: dict[str, Any], scope: _Scope, open_: list[Answer]
    ) -> list[Answer]:
        """Say how the answers before a return end, where it tells."""
        result = self._result(node.value, env, scope)
        if result is None:
            return open_
        for answer in open_:
            if answer.result == "said":
                answer.result = result
        self.reading.answers += open_
        return []

    def _result(self, value: ast.expr | None, env: dict[str, Any], scope: _Scope) -> str | None:
        if isinstance(value, ast.Constant) and value.value in ("failed", "stopped"):
            return str(value.value)
        result = None
        for call in _calls(value):
            name = _name(call)
            if name == "FollowupAction":
                result = "again"
            elif name == "after_form":
                given = next((k.value for k in call.keywords if k.arg == "result"), None)
                if isinstance(given, ast.IfExp):  # None if ended_early(turn) else "stopped"
                    parts = [p for p in (given.body, given.orelse) if isinstance(p, ast.Constant)]
                    texts = [p.value for p in parts if p.value]
                    return str(texts[0]) if texts else "done"
                known = self._value(given, env, scope) if given is not None else None
                result = known if isinstance(known, str) else "done"
        return result

    # --- expressions

    def _expressions(self, node: ast.AST, env: dict[str, Any], scope: _Scope) -> list[Answer]:
        """The answers that an expression or a simple statement says."""
        found: list[Answer] = []
        skipped: set[int] = set()
        for part in ast.walk(node):
            if id(part) in skipped:
                continue
            if isinstance(part, ast.Attribute) and part.attr == "answer_by":
                self.reading.person_answers = True
            elif isinstance(part, ast.IfExp):
                decided = self._value(part.test, env, scope)
                if decided is not UNKNOWN:
                    lost = part.orelse if decided else part.body
                    skipped |= {id(each) for each in ast.walk(lost)}
            elif isinstance(part, ast.Call):
                found += self._call(part, env, scope)
            elif isinstance(part, ast.Constant | ast.JoinedStr | ast.Name):
                found += self._answer(part, env, scope)
                skipped |= {id(each) for each in ast.walk(part)}
        if any(_is_person(part) for part in ast.walk(node)):
            for answer in found:
                answer.offers_person = True
        return found

    def _answer(self, node: ast.expr, env: dict[str, Any], scope: _Scope) -> list[Answer]:
        key = self._value(node, env, scope)
        if isinstance(key, str) and _KEY.fullmatch(key) and key in self.code.known_keys:
            return [] if key in _NOT_SHOWN else [Answer(key)]
        if isinstance(node, ast.JoinedStr) and key is UNKNOWN:  # one of a family
            return [Answer(member) for member in self.code.family(node)]
        return []

    def _call(self, call: ast.Call, env: dict[str, Any], scope: _Scope) -> list[Answer]:
        name = _name(call)
        if name == "open_ticket":
            self.reading.person_answers = True
        if name == "FollowupAction" and call.args:
            target = self._value(call.args[0], env, scope)
            if isinstance(target, str) and target not in self.reading.goes_to:
                self.reading.goes_to.append(target)
        if name == "finish":
            return [Answer("", "failed")]
        called = self._called(call, scope)
        if called is None or scope.depth >= _DEEPEST or name in ("say", "after_form"):
            return []
        function, inner = called
        return self.body(function.body, self._bound(function, call, env, scope), inner)

    def _called(self, call: ast.Call, scope: _Scope) -> tuple[Function, _Scope] | None:
        node = call.func
        if isinstance(node, ast.Name):
            known = self.code.function(node.id, scope.place)
            return known and (known[1], _Scope(known[0], scope.of, scope.depth + 1))
        if isinstance(node, ast.Attribute):
            within = node.value
            found = None
            if isinstance(within, ast.Name) and within.id == "self":
                found = self.code.method(self.owner, node.attr)
            elif isinstance(within, ast.Call) and _name(within) == "super":
                found = self.code.method(self.owner, node.attr, after=scope.of)
            if found is not None:
                place = self.code.place(found[0])
                return found[1], _Scope(place, found[0], scope.depth + 1)
        return None

    def _bound(
        self, function: Function, call: ast.Call, env: dict[str, Any], scope: _Scope
    ) -> dict[str, Any]:
        names = [a.arg for a in function.args.args if a.arg != "self"]
        given = dict(zip(names, call.args, strict=False))
        given |= {k.arg: k.value for k in call.keywords if k.arg}
        values = {name: self._value(node, env, scope) for name, node in given.items()}
        return {name: value for name, value in values.items() if value is not UNKNOWN}

    def _value(self, node: ast.expr | None, env: dict[str, Any], scope: _Scope) -> Any:
        """What an expression is, where its code alone tells; else UNKNOWN."""
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name):
            return env.get(node.id, self.code.constant(node.id, scope.place))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if (node.value.id, node.attr) == ("turn", "intent"):
                return self.intent if self.at_start else UNKNOWN
            if node.value.id == "self":
                known = self.code.attribute(self.owner, node.attr)
                return UNKNOWN if known is None else known
        if isinstance(node, ast.Subscript | ast.Call):  # draft["…"], turn.slot("…")
            at = node.slice if isinstance(node, ast.Subscript) else next(iter(node.args), None)
            if isinstance(at, ast.Constant) and at.value in _SLOTS_OF_INTENT:
                return self.intent
        if isinstance(node, ast.JoinedStr):
            parts = [
                self._value(p.value if isinstance(p, ast.FormattedValue) else p, env, scope)
                for p in node.values
            ]
            return "".join(parts) if all(isinstance(p, str) for p in parts) else UNKNOWN
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            inner = self._value(node.operand, env, scope)
            return UNKNOWN if inner is UNKNOWN else not inner
        if isinstance(node, ast.BoolOp):
            return self._all_or_any(node, env, scope)
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            return self._compared(node, env, scope)
        return UNKNOWN

    def _all_or_any(self, node: ast.BoolOp, env: dict[str, Any], scope: _Scope) -> Any:
        values = [self._value(each, env, scope) for each in node.values]
        decides = isinstance(node.op, ast.Or)  # one true decides an "or", one false an "and"
        if any(v is not UNKNOWN and bool(v) is decides for v in values):
            return decides
        return UNKNOWN if UNKNOWN in values else not decides

    def _compared(self, node: ast.Compare, env: dict[str, Any], scope: _Scope) -> Any:
        left, right = (
            self._value(node.left, env, scope),
            self._value(node.comparators[0], env, scope),
        )
        if left is UNKNOWN or right is UNKNOWN:
            return UNKNOWN
        if isinstance(node.ops[0], ast.Eq | ast.NotEq):
            return (left == right) is isinstance(node.ops[0], ast.Eq)
        if isinstance(node.ops[0], ast.In | ast.NotIn) and hasattr(right, "__contains__"):
            return (left in right) is isinstance(node.ops[0], ast.In)
        return UNKNOWN


def _calls(node: ast.AST | None) -> list[ast.Call]:
    return [n for n in ast.walk(node) if isinstance(n, ast.Call)] if node is not None else []


def _name(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _is_person(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value in ("/request_human", "/complain")
