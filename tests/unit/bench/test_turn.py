"""tiski/bench/turn.py: the figures, without a desk to measure."""

from __future__ import annotations

from tiski.bench.turn import Figures, percentile, report


def test_percentiles() -> None:
    assert percentile([3.0], 0.95) == 3.0
    assert percentile([4.0, 1.0, 3.0, 2.0], 0.5) == 2.0
    assert percentile([float(n) for n in range(1, 101)], 0.95) == 95.0
    assert percentile([float(n) for n in range(1, 11)], 0.95) == 10.0


def figures(factor: float) -> Figures:
    return Figures(
        train=20.0 * factor,
        start=10.0 * factor,
        turns={"question (FAQ)": [10.0 * factor, 20.0 * factor]},
        memory={"rasa": 500.0 * factor, "actions": 100.0 * factor},
        right=1.0,
    )


def lines_of(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines()]


def test_the_yardstick_stands_beside_the_desk_with_the_ratio() -> None:
    lines = lines_of(report(figures(1), figures(4)))
    assert ["train,", "cold", "(s)", "20.0", "80.0", "0.25"] in lines
    assert ["memory,", "all", "(MB)", "600.0", "2400.0", "0.25"] in lines
    assert ["question", "(FAQ)", "10.0", "20.0", "2"] in lines


def test_without_a_yardstick_there_is_no_ratio() -> None:
    quick = figures(1)
    quick.train = None
    quick.windows = {"turns 1–7": {"booking": [30.0]}}
    lines = lines_of(report(quick, None))
    assert ["start", "to", "first", "answer", "(s)", "10.0"] in lines
    assert ["booking", "30.0", "30.0", "1"] in lines
    assert not any("train," in line for line in lines)


def test_a_training_that_was_given_up_is_a_bound_and_its_answers_are_not_compared() -> None:
    slow = figures(4)
    slow.gave_up = True
    text = report(figures(1), slow)
    lines = lines_of(text)
    assert ["train,", "cold", "(s)", "20.0", ">80.0", "<0.25"] in lines
    assert ["memory,", "all", "(MB)", "600.0", "2400.0", "0.25"] in lines
    assert ["questions", "answered", "rightly", "(%)", "100.0"] in lines
    assert "given up" in text
