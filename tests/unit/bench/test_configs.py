"""tests/configs/: each alternative parses, and names only components that exist."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.engine.recipes.recipe import Recipe
from rasa.shared.data import TrainingType
from ruamel.yaml import YAML

from tiski.bench.nlu.candidates import CANDIDATES
from tiski.bench.nlu.rasa_pipeline import RasaPipeline
from tiski.paths import ROOT

CONFIGS = sorted((ROOT / "tests" / "configs").glob("*.yml"))


def content(file: Path) -> dict:
    return YAML(typ="safe").load(file.read_text(encoding="utf-8"))


def classes(config: dict) -> dict[str, type]:
    """The classes of a pipeline's graphs, by name."""
    recipe = Recipe.recipe_for_name(config["recipe"])
    graph = recipe.graph_config_for_recipe(config, {}, TrainingType.NLU)
    nodes = [*graph.train_schema.nodes.values(), *graph.predict_schema.nodes.values()]
    return {node.uses.__name__: node.uses for node in nodes}


@pytest.mark.parametrize("file", CONFIGS, ids=lambda file: file.stem)
def test_every_component_exists_and_knows_its_parameters(file: Path) -> None:
    config = content(file)
    if "pipeline" not in config:  # Rasa's own choice
        assert set(config) == {"recipe", "language"}
        return
    found = classes(config)
    for component in config["pipeline"]:
        of = found[component["name"].rpartition(".")[2]]
        parameters = set(component) - {"name"}
        assert parameters <= set(of.get_default_config()), component


def test_a_component_that_does_not_exist_is_found() -> None:
    config = content(ROOT / "tests" / "configs" / "with_encoder.yml")
    config["pipeline"][0]["name"] = "tiski.nlu.intent.NoSuchClassifier"
    with pytest.raises(Exception, match="NoSuchClassifier"):
        classes(config)


def test_our_classifiers_are_those_of_config_yml() -> None:
    """The profile that is measured is the one that serves, parameters included."""
    ours = {component["name"]: component for component in content(ROOT / "config.yml")["pipeline"]}
    for component in content(ROOT / "tests" / "configs" / "with_encoder.yml")["pipeline"]:
        assert component == ours[component["name"]]


def test_n_grams_alone_differ_in_the_encoder_alone() -> None:
    whole, alone = (
        content(ROOT / "tests" / "configs" / name)["pipeline"]
        for name in ("with_encoder.yml", "ngrams_only.yml")
    )
    assert alone[0].pop("encoder") is False
    assert alone == whole


def test_the_yardstick_is_rasas_default() -> None:
    import rasa

    own = Path(rasa.__file__).parent / "engine" / "recipes" / "config_files" / "default_config.yml"
    yardstick = content(ROOT / "tests" / "configs" / "rasa_default_nlu.yml")
    assert yardstick["pipeline"] == content(own)["pipeline"]


def test_every_candidate_has_its_file() -> None:
    made = [entry.make() for entry in CANDIDATES.values() if entry.make is not None]
    files = [one._config for one in made if isinstance(one, RasaPipeline)]
    assert len(files) >= 5
    assert all(file in CONFIGS for file in files)
