"""Print how well entities and moods are found in held-out messages, as two tables.

`tests/nlu/entities/` and `tests/nlu/mood/` were marked before the components were written, their
folders `later/` afterwards, `mood/last/` when no word was added any more, and `mood/blind/` before
the examples that meaning is learnt from. Moods are heard by words alone (`mood`) and as the desk
hears them (`mood, both ears`): that takes a trained model, and trains one where there is none.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tiski.bench.entities import Score

LANGUAGES = ("fi", "en")
_ENTITY_FOLDERS, _MOOD_FOLDERS = ("", "later"), ("", "later", "last", "blind")


def measured() -> dict[str, dict[str, dict[str, Score]]]:
    """All figures: {"entities": {"fi": {…}}, "entities/later": …, "mood": …}."""
    # Rasa takes seconds to load, which who asks for --help should not wait for
    from tiski.bench import entities, moods
    from tiski.desk.training import train
    from tiski.tools.model import Understanding

    extractors = entities.Extractors()
    found: dict[str, dict[str, dict[str, Score]]] = {}
    for folder in _ENTITY_FOLDERS:
        name = "/".join(part for part in ("entities", folder) if part)
        found[name] = {
            language: entities.scores(language, extractors, entities.MESSAGES / folder)
            for language in LANGUAGES
        }
    ears = {"mood": moods.by_words, "mood, both ears": moods.by_model(Understanding(train()))}
    for folder in _MOOD_FOLDERS:
        for ear, hear in ears.items():
            name = "/".join(part for part in (ear, folder) if part)
            found[name] = {
                language: moods.scores(language, moods.MESSAGES / folder, hear)
                for language in LANGUAGES
            }
    return found


def as_table(by_language: dict[str, dict[str, Score]]) -> list[str]:
    """Lines of a table: how many are marked, precision, recall and F1, by language."""
    columns = "   n  prec.   rec.     F1"
    lines = [f"{'':18}" + "".join(f"  {language + columns:29}" for language in by_language)]
    for kind in next(iter(by_language.values())):
        cells = [
            f"  {score.marked:6} {score.precision:6.3f} {score.recall:6.3f} {score.f1:6.3f} "
            for score in (scores[kind] for scores in by_language.values())
        ]
        lines.append(f"{kind:18}" + "".join(f"{cell:31}" for cell in cells))
    return [line.rstrip() for line in lines]


def main() -> int:
    """The command line of ./scripts/bench-entities."""
    parser = argparse.ArgumentParser(prog="./scripts/bench-entities", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures for a program")
    parser.add_argument("--slips", action="store_true", help="list what went wrong, too")
    arguments = parser.parse_args()
    found = measured()
    if arguments.json:
        print(json.dumps(_plain(found)))
        return 0
    for name, by_language in found.items():
        print(f"\n{name}")
        print("\n".join(as_table(by_language)))
        if arguments.slips:
            for language, scores in by_language.items():
                for kind, score in scores.items():
                    print(*(f"  {language} {kind}: {slip}" for slip in score.slips), sep="\n")
    return 0


def _plain(found: dict[str, dict[str, dict[str, Score]]]) -> dict[str, object]:
    return {
        name: {
            language: {
                kind: {
                    "marked": score.marked,
                    "precision": round(score.precision, 4),
                    "recall": round(score.recall, 4),
                    "f1": round(score.f1, 4),
                }
                for kind, score in scores.items()
            }
            for language, scores in by_language.items()
        }
        for name, by_language in found.items()
    }


if __name__ == "__main__":
    sys.exit(main())
