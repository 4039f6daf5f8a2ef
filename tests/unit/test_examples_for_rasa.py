"""tiski/examples.py: what Rasa reads, copies and compares, at less cost."""

from __future__ import annotations

import copy
import hashlib
from pathlib import Path

import pytest
from rasa.shared.exceptions import YamlException
from rasa.shared.nlu.training_data.formats import RasaYAMLReader
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.utils.io import deep_container_fingerprint

from tiski.examples import Example, read_examples
from tiski.paths import ROOT


def test_an_example_that_is_copied_is_the_same_and_apart() -> None:
    name = {"entity": "person", "start": 4, "end": 8}
    first = Example.of(Message.build(text="moi anna", intent="greet", entities=[name]))
    print_of_first = first.fingerprint()
    copied = copy.deepcopy(first)
    assert copied == first and copied.fingerprint() == print_of_first
    copied.set("text", "moikka anna")
    copied.get("entities")[0]["value"] = "Anna"
    copied.features.append("one")
    assert copied != first
    assert first.get("text") == "moi anna" and first.get("entities") == [
        {"entity": "person", "start": 4, "end": 8}
    ]
    assert first.features == []
    assert first.as_dict() == Message(first.data).as_dict()


def test_an_example_that_is_set_to_what_it_is_stays_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    example = Example.of(Message.build(text="moi", intent="greet"))
    before = example.fingerprint()
    computed: list[bytes] = []
    real = hashlib.md5
    monkeypatch.setattr(
        "tiski.examples.hashlib.md5",
        lambda held, usedforsecurity: computed.append(held) or real(held),
    )
    example.set("intent", "greet")
    assert (example.fingerprint(), computed) == (before, [])
    example.set("intent", "goodbye")
    assert (example.fingerprint() != before, len(computed)) == (True, 1)


def test_an_example_with_more_than_plain_data_is_left_to_rasa() -> None:
    plain, marked, tokens = (Example.of(Message.build(text="moi", intent="greet")) for _ in "123")
    marked.features.append("one")
    tokens.set("tokens", [object()])
    rasas = [deep_container_fingerprint([each.data, each.features]) for each in (marked, tokens)]
    assert [marked.fingerprint(), tokens.fingerprint()] == rasas
    assert plain.fingerprint() not in rasas


# Rasa takes its time: some of them
DATA = sorted([*ROOT.glob("data/nlu/*/*/*.yml"), *ROOT.glob("data/responses/*.yml")])[::9]


def test_files_are_read_as_rasa_reads_them() -> None:
    assert len(DATA) > 10
    examples, others = read_examples(tuple((str(file), 0) for file in DATA))
    rasas = [RasaYAMLReader().read(str(file)) for file in DATA]
    assert [each.data for each in examples] == [
        each.data for read in rasas for each in read.training_examples
    ]
    assert others.responses == {
        name: said for read in rasas for name, said in read.responses.items()
    }


@pytest.mark.parametrize(
    "content",
    [
        "nlu: [{intent: greet, examples: [1]}]",
        "nlu: [{intent: greet, example: '- moi'}]",
        "nlu: {intent: greet}",
        "responses: {utter_x: [{txt: moi}]}",
        "responses: {utter_x: [{text: 1}]}",
        "responses: {utter_x: {text: moi}}",
        "responses: {utter_x: [{text: moi, buttons: [{title: a, payload: 1}]}]}",
        "responses: {utter_x: [{text: moi, condition: [{type: slot, name: 1, value: fi}]}]}",
        "responses: {utter_x: [{text: moi, condition: {type: slot}}]}",
    ],
)
def test_what_rasa_refuses_is_refused(content: str, tmp_path: Path) -> None:
    file = tmp_path / "data.yml"
    file.write_text(f'version: "3.1"\n{content}\n', encoding="utf-8")
    with pytest.raises(YamlException) as rasas:
        RasaYAMLReader().read(str(file))
    with pytest.raises(YamlException) as ours:
        read_examples(((str(file), 0),))
    assert str(ours.value) == str(rasas.value)
