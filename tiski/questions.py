"""What Rasa trains on: the files under data/, and the questions of the business's own.

`ProjectData` is named in config.yml under `importers`, so every command of Rasa sees the questions
of business.yml: each is an intent `faq/own_<id>` whose examples are its wordings. Wordings are
learnt at the next training. Answers are not part of a model: a changed one is said after a restart.
"""

from __future__ import annotations

import gc
from pathlib import Path

from rasa.shared.core.domain import Domain
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.training_data import TrainingData

from tiski.answers.own_questions import said_in, title
from tiski.business import OWN_QUESTION, load_business
from tiski.examples import Example, read_examples


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
        # All that Rasa has imported stays to the end. Python would look through it again with
        # every few thousand examples that are copied: a tenth of a training's time.
        gc.freeze()
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
            examples, others = read_examples(files)
            own = [
                _example(name, text, spoken)
                for name, question in self.business.questions.items()
                for spoken, texts in question.ask.items()
                for text in texts
            ]
            self._examples = TrainingData(
                [*examples, *own],
                others.entity_synonyms,
                others.regex_features,
                others.lookup_tables,
                others.responses,
            )
        return self._examples


def _example(name: str, text: str, language: str) -> Example:
    return Example.build(
        text=text, intent=f"{OWN_QUESTION}{name}", intent_metadata={"language": language}
    )
