"""tiski/bench/nlu/: tables, pictures and the file of results, on results made up here."""

from __future__ import annotations

from pathlib import Path

import pytest

from tiski.bench.nlu import pictures
from tiski.bench.nlu.answers import Answer
from tiski.bench.nlu.candidates import CANDIDATES
from tiski.bench.nlu.child import Answers, Served, Training
from tiski.bench.nlu.measures import Estimate
from tiski.bench.nlu.report import NOT_RUN, per_cent, report, table, write_between
from tiski.bench.nlu.run import Cell, Results, fingerprint
from tiski.bench.nlu.sets import DataSet, Example, Part

_LABELS = ["greet", "stop", "faq/parking", "greet"]
_TEXTS = ["moi", "lopeta", "mihin auton saa", "terve"]


def own_set() -> DataSet:
    inside = [Example(text, label, "fi") for text, label in zip(_TEXTS, _LABELS, strict=True)]
    spoilt = {"upper case": [text.upper() for text in _TEXTS]}
    return DataSet("own", inside, [Part("own, fi", "fi", inside, ["soita", "laula"], 0.5, spoilt)])


def cell() -> Cell:
    """Three of four right; one asked back; one foreign message refused; half right in capitals."""
    inside = [
        Answer("greet", 0.9, 0.9),
        Answer("stop", 0.8, 0.8),
        Answer("greet", 0.7, 0.7),
        Answer("greet", 0.4, 0.4, "clarify"),
    ]
    outside = [Answer("stop", 0.75, 0.75), Answer("out_of_scope", 0.9, 0.1, "fallback")]
    answers = Answers(
        inside, outside, [1, 2, 3, 40], {"upper case": ["greet", "greet", "x", "greet"]}
    )
    return Cell("", None, Training(12.34, 900), Served(1.5, 600, {"own, fi": answers}))


@pytest.fixture
def results() -> Results:
    cells = {"tiski": cell(), "tfidf": Cell("train took over 5 s"), "nlpjs": Cell()}
    return Results(cells={"own": cells})


def row(text: str, heading: str, title: str) -> list[str]:
    """The cells of one line of the table below a heading."""
    block = text.split(heading, 1)[1].split("\n### ", 1)[0]
    (line,) = (line for line in block.splitlines() if line.startswith(f"| {title} |"))
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_a_table_has_a_line_for_each_row() -> None:
    made = table(["", "ms"], [["one", "1.0"], ["two", "2.0"]])
    assert made == "|  | ms |\n| --- | ---: |\n| one | 1.0 |\n| two | 2.0 |"


def test_shares_are_written_in_per_cent() -> None:
    assert per_cent(Estimate(0.9634, 0.95, 0.971)) == "96.3 (95.0–97.1)"


def test_the_figures_of_a_part_stand_in_its_table(results: Results) -> None:
    found = row(report(results, [own_set()]), "### own, fi", "this pipeline")
    accuracy, f1, area, refused, *rest = found[1:]
    assert accuracy.startswith("75.0 (")
    # greet: 2 of 2 found, 1 guessed too much: 4/5; stop: 1; faq/parking: 0
    assert f1.startswith("60.0 (")
    # of 8 pairs only 0.7 and 0.4 against 0.75 are lost
    assert area.startswith("0.750 (")
    # half kept: threshold 0.8, below which both foreign ones lie
    assert refused.startswith("100.0 (")
    assert rest == ["12.3", "2.00", "40.00", "900", "600"]


def test_what_was_not_run_says_so_and_why(results: Results) -> None:
    text = report(results, [own_set()])
    for name, said in (("tfidf", f"{NOT_RUN}: train took over 5 s"), ("nlpjs", NOT_RUN)):
        found = row(text, "### own, fi", CANDIDATES[name].title)
        assert found[1] == said
        assert set(found[2:]) == {"–"}
        assert row(text, "### Accuracy", CANDIDATES[name].title)[1] == NOT_RUN


def test_a_shortened_training_is_told(results: Results) -> None:
    results.cells["own"]["default"] = Cell("", 3, cell().training, cell().served)
    text = report(results, [own_set()])
    title = CANDIDATES["default"].title
    assert row(text, "### own, fi", f"{title}, 3 epochs only")[1].startswith("75.0")
    assert row(text, "### Accuracy", title)[1].endswith("3 epochs only")


def test_decisions_are_counted_as_they_stand(results: Results) -> None:
    found = row(report(results, [own_set()]), "### As each stands", "this pipeline")
    assert found[1:] == ["fi", "50.0", "25.0", "25.0", "0.0", "50.0", "0.0", "50.0"]


def test_spoilt_messages_are_set_against_clean_ones(results: Results) -> None:
    found = row(report(results, [own_set()]), "### Spoilt messages", "this pipeline")
    assert found[1:] == ["75.0", "50.0 (-25.0)"]


def test_published_figures_stand_apart(results: Results) -> None:
    inside = own_set().parts[0].inside
    data = DataSet("banking77", inside, [Part("own, fi", "en", inside)])
    results.cells["banking77"] = {"tiski": cell(), "default": Cell("no time")}
    text = report(results, [data])
    found = row(text, "### own, fi", CANDIDATES["default"].title)
    assert found[1] == f"{NOT_RUN}: no time"
    assert found[-1] == "68.3"
    assert "published with the data" in text
    assert row(text, "### Accuracy", "*published, not measured here: ICDA*")[1] == "89.8"


def test_results_are_kept_and_read_back(results: Results, tmp_path: Path) -> None:
    kept = Results(tmp_path / "results.json")
    for name, one in results.cells["own"].items():
        kept.put("own", name, one)
    kept.extras["loading"] = "### Loading"
    kept.save()
    read = Results.open(tmp_path / "results.json")
    assert read.cells == results.cells
    assert report(read, [own_set()]).endswith("### Loading\n")


def test_results_of_other_messages_are_forgotten(results: Results) -> None:
    data = own_set()
    for one in results.cells["own"].values():
        one.data = fingerprint(data)
    results.cells["own"]["default"] = Cell()
    results.forget_other_data([data])
    assert len(results.cells["own"]) == 4
    data.train.append(Example("uusi", "greet", "fi"))
    results.forget_other_data([data])
    assert list(results.cells["own"]) == ["default"]


def test_pictures_are_drawn_of_what_was_run(results: Results, tmp_path: Path) -> None:
    first = pictures.draw(results, [own_set()], tmp_path / "a")
    assert [file.name for file in first] == [pictures.ACCURACY, pictures.RISK]
    assert all("<svg" in file.read_text(encoding="utf-8") for file in first)
    second = pictures.draw(results, [own_set()], tmp_path / "b")
    assert [file.read_bytes() for file in first] == [file.read_bytes() for file in second]


def test_only_what_stands_between_the_marks_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    file.write_text("# Page\n\n<!-- bench -->\nold\n<!-- /bench -->\n\nThe rest.\n", "utf-8")
    for text in ("new", "newer"):
        write_between(file, "bench", text)
    expected = "# Page\n\n<!-- bench -->\n\nnewer\n\n<!-- /bench -->\n\nThe rest.\n"
    assert file.read_text(encoding="utf-8") == expected


def test_a_page_without_marks_gets_them_at_its_end(tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    file.write_text("# Page\n", encoding="utf-8")
    write_between(file, "bench", "new")
    assert file.read_text("utf-8") == "# Page\n\n<!-- bench -->\n\nnew\n\n<!-- /bench -->\n"
