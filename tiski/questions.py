"""The questions of the business's own, from business.yml into Rasa.

`OwnQuestions` is named in config.yml under `importers`, so every command of Rasa sees them: each
question is an intent `faq/own_<id>` whose examples are its wordings. Wordings are learnt at the
next training. Answers are not part of a model: a changed one is said after a restart.
"""

from __future__ import annotations

from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from tiski.answers.own_questions import said_in, title
from tiski.business import OWN_QUESTION, load_business


class OwnQuestions(TrainingDataImporter):
    """Rasa's way to more training data: examples and responses, no stories."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
        **kwargs: Any,
    ) -> None:
        self.business = load_business()

    def get_domain(self) -> Domain:
        """The responses' names. Their texts here are the questions: answers are not trained."""
        responses = {
            f"utter_{OWN_QUESTION}{name}": [
                {"text": title(self.business, name, language), **said_in(language)}
                for language in self.business.languages
            ]
            for name in self.business.questions
        }
        return Domain.from_dict({"responses": responses}) if responses else Domain.empty()

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        return StoryGraph([])

    def get_conversation_tests(self) -> StoryGraph:
        return StoryGraph([])

    def get_config(self) -> dict[str, Any]:
        return {}

    def get_config_file_for_auto_config(self) -> str | None:
        return None

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Each wording as an example, with its language where `data/nlu` has it."""
        return TrainingData(
            [
                _example(name, text, spoken)
                for name, question in self.business.questions.items()
                for spoken, texts in question.ask.items()
                for text in texts
            ]
        )


def _example(name: str, text: str, language: str) -> Message:
    return Message.build(
        text=text, intent=f"{OWN_QUESTION}{name}", intent_metadata={"language": language}
    )
