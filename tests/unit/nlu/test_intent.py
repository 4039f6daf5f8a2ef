"""tiski/nlu/intent.py: intents and questions, and what a model is trained on."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from tiski.nlu.intent import IntentClassifier, as_ngrams_see_it, labelled, prepared

EXAMPLES = {
    "faq/opening_hours": ["milloin olette auki", "mihin aikaan avaatte", "when are you open"],
    "faq/parking": ["mihin voi pysäköidä", "where can i park", "onko parkkipaikkaa"],
    "book_appointment": ["haluan varata ajan", "varataan aika", "i want to book a time"],
    "greet": ["moi", "hei", "hello"],
}


def example(text: str, label: str) -> Message:
    intent, _, question = label.partition("/")
    data = {TEXT: text, INTENT: intent}
    if question:
        data[INTENT_RESPONSE_KEY] = label
    return Message(data=data)


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> LocalModelStorage:
    return LocalModelStorage(tmp_path_factory.mktemp("storage"))


def new_classifier(
    storage: LocalModelStorage, name: str = "intent", **config: object
) -> IntentClassifier:
    made = IntentClassifier.create(config, storage, Resource(name), None)  # type: ignore[arg-type]
    assert isinstance(made, IntentClassifier)
    return made


@pytest.fixture(scope="module")
def classifier(storage: LocalModelStorage) -> IntentClassifier:
    made = new_classifier(storage)
    messages = [example(text, label) for label, texts in EXAMPLES.items() for text in texts]
    made.train(TrainingData(messages))
    return made


def understand(classifier: IntentClassifier, text: str) -> Message:
    return classifier.process([Message(data={TEXT: text})])[0]


def test_an_intent_comes_with_its_ranking(classifier: IntentClassifier) -> None:
    message = understand(classifier, "Haluan varata ajan!")
    assert message.get("intent")["name"] == "book_appointment"
    ranking = message.get("intent_ranking")
    assert ranking[0]["name"] == "book_appointment"
    assert {entry["name"] for entry in ranking} == set(EXAMPLES)
    confidences = [entry["confidence"] for entry in ranking]
    assert confidences == sorted(confidences, reverse=True)
    assert message.get("intent")["confidence"] == confidences[0]
    assert message.get("response_selector") is None


def test_a_question_has_the_shape_that_rasa_answers(classifier: IntentClassifier) -> None:
    message = understand(classifier, "where can i park")
    confidence = message.get("intent")["confidence"]
    assert message.get("intent") == {"name": "faq", "confidence": confidence}
    answer = {
        "intent_response_key": "faq/parking",
        "utter_action": "utter_faq/parking",
        "confidence": confidence,
    }
    assert message.get("response_selector") == {
        "all_retrieval_intents": ["faq"],
        "faq": {"response": answer, "ranking": [answer]},
    }


def test_without_umlauts_it_understands_the_same(classifier: IntentClassifier) -> None:
    assert understand(classifier, "mihin voi pysakoida").get("intent_ranking")[0]["name"] == (
        "faq/parking"
    )


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_nothing_is_no_intent(classifier: IntentClassifier, text: str) -> None:
    message = understand(classifier, text)
    assert message.get("intent") == {"name": None, "confidence": 0.0}
    assert message.get("response_selector") is None


def test_the_ranking_is_as_long_as_configured(storage: LocalModelStorage) -> None:
    made = new_classifier(storage, "short", ranking_length=2)
    made.train(TrainingData([example(t, label) for label, ts in EXAMPLES.items() for t in ts]))
    assert len(understand(made, "moi").get("intent_ranking")) == 2


def test_a_trained_model_is_loaded(
    classifier: IntentClassifier, storage: LocalModelStorage
) -> None:
    loaded = IntentClassifier.load({}, storage, Resource("intent"), None)  # type: ignore[arg-type]
    assert isinstance(loaded, IntentClassifier)
    assert understand(loaded, "moi").get("intent")["name"] == "greet"


def test_without_a_model_there_is_no_intent(storage: LocalModelStorage) -> None:
    """One intent is nothing to tell apart: no model is written, and none is found."""
    made = new_classifier(storage, "one")
    made.train(TrainingData([example("moi", "greet"), example("hei", "greet")]))
    loaded = IntentClassifier.load({}, storage, Resource("one"), None)  # type: ignore[arg-type]
    assert isinstance(loaded, IntentClassifier)
    assert understand(loaded, "moi").get("intent") == {"name": None, "confidence": 0.0}


def test_a_damaged_model_is_an_error_and_not_silence(storage: LocalModelStorage) -> None:
    with storage.write_to(Resource("damaged")) as folder:
        assert isinstance(folder, Path)
        (folder / "intent_model.json").write_text("{", encoding="utf-8")
    with pytest.raises(ValueError):
        IntentClassifier.load({}, storage, Resource("damaged"), None)  # type: ignore[arg-type]


def test_what_a_model_is_fitted_to() -> None:
    messages = [
        example("Värjäys klo 14", "book_appointment"),
        example("moi", "greet"),
        example("Missä parkki?", "faq/parking"),
        Message(data={TEXT: "no label"}),
        Message(data={INTENT: "greet"}),
    ]
    assert list(labelled(messages)) == [
        ("Värjäys klo 14", "book_appointment"),
        ("moi", "greet"),
        ("Missä parkki?", "faq/parking"),
    ]
    assert as_ngrams_see_it("Värjäys KLO 14", "book_appointment") == "_service_ _time_"
    assert prepared("Värjäys KLO 14") == "_service_ _time_"


def test_what_the_decision_needs_comes_along(classifier: IntentClassifier) -> None:
    message = understand(classifier, "moi")
    thresholds = message.get("thresholds")
    assert thresholds[""].sure > 0
    assert message.get("foreign") is None  # these examples know no out_of_scope
    assert "thresholds" not in message.as_dict(only_output_properties=True)


def test_how_likely_out_of_scope_is_comes_along(storage: LocalModelStorage) -> None:
    made = new_classifier(storage, "foreign")
    examples = {**EXAMPLES, "out_of_scope": ["soita musiikkia", "laita valot pois", "tell a joke"]}
    made.train(TrainingData([example(t, label) for label, ts in examples.items() for t in ts]))
    message = understand(made, "laita musiikkia")
    ranking = {entry["name"]: entry["confidence"] for entry in message.get("intent_ranking")}
    assert message.get("foreign") == ranking["out_of_scope"]


def test_the_encoder_can_be_left_out(storage: LocalModelStorage) -> None:
    made = new_classifier(storage, "letters", encoder=False)
    assert made.new_model().encoder is None
