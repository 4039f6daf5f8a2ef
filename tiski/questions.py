"""What Rasa trains on: the files under data/, and the questions of the business's own.

`ProjectData` is named in config.yml under `importers`, so every command of Rasa sees the questions
of business.yml: each is an intent `faq/own_<id>` whose examples are its wordings. Wordings are
learnt at the next training. Answers are not part of a model: a changed one is said after a restart.
"""

from __future__ import annotations

import copy
from functools import lru_cache
from pathlib import Path
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.importers.utils import training_data_from_paths
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from tiski.answers.own_questions import said_in, title
from tiski.business import OWN_QUESTION, load_business


class Example(Message):
    """A message that costs little to copy and to compare.

    Rasa copies all examples and computes the fingerprint of each anew wherever it puts two sets of
    them together, some twenty times in a training: two thirds of its own part of the time.
    """

    @classmethod
    def of(cls, message: Message) -> Example:
        """The same message."""
        return cls(message.data, set(message.output_properties), features=list(message.features))

    def set(self, prop: str, info: Any, add_to_output: bool = False) -> None:
        """Set a property; what it is already changes nothing, and so keeps the fingerprint."""
        if add_to_output or self.data.get(prop) != info:
            super().set(prop, info, add_to_output)

    def __deepcopy__(self, memo: dict[int, Any]) -> Example:
        data = {
            key: copy.deepcopy(value, memo) if _changes(value) else value
            for key, value in self.data.items()
        }
        copied = Example(data, set(self.output_properties), features=list(self.features))
        copied._cached_fingerprint = self._cached_fingerprint
        return copied


def _changes(value: Any) -> bool:
    return not isinstance(value, (str, int, float, type(None)))


class ProjectData(RasaFileImporter):
    """Rasa's own importer of files, with more examples and responses.

    Rasa makes two importers for a training, and asks each three times for the examples; here they
    are read once.
    """

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
    ) -> None:
        super().__init__(config_file, domain_path, training_data_paths)
        self.business = load_business()
        self._examples: TrainingData | None = None

    def get_domain(self) -> Domain:
        """The domain's files, and the names of the questions' responses.

        Their texts here are the questions: answers are not trained.
        """
        responses = {
            f"utter_{OWN_QUESTION}{name}": [
                {"text": title(self.business, name, language), **said_in(language)}
                for language in self.business.languages
            ]
            for name in self.business.questions
        }
        domain = super().get_domain()
        return domain.merge(Domain.from_dict({"responses": responses})) if responses else domain

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The examples of the files, and each wording of a question as an example.

        Rasa copies what it is given before it changes anything.
        """
        if self._examples is None:
            files = tuple((str(file), Path(file).stat().st_mtime_ns) for file in self._nlu_files)
            read = _read(files, language or "en")
            own = [
                _example(name, text, spoken)
                for name, question in self.business.questions.items()
                for spoken, texts in question.ask.items()
                for text in texts
            ]
            self._examples = TrainingData(
                [Example.of(message) for message in [*read.training_examples, *own]],
                read.entity_synonyms,
                read.regex_features,
                read.lookup_tables,
                read.responses,
            )
        return self._examples


@lru_cache(maxsize=1)
def _read(files: tuple[tuple[str, int], ...], language: str) -> TrainingData:
    """Read files as they were at those moments."""
    return training_data_from_paths([path for path, _ in files], language)


def _example(name: str, text: str, language: str) -> Message:
    return Message.build(
        text=text, intent=f"{OWN_QUESTION}{name}", intent_metadata={"language": language}
    )
