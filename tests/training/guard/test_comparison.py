"""The better of start and end is named where they differ by more than chance, and a file remembers it."""

from dataclasses import replace
from pathlib import Path

import pytest

from painting.errors import TrainingError
from painting.training.guard.comparison import StartComparison
from painting.training.guard.measurement import Measurement
from painting.training.run.folder import RunFolder


def measurement(distance: float, *noise: float) -> Measurement:
    return Measurement(distance, tuple(distance + each for each in noise or (0.5, -0.5)))


START = StartComparison("flowers", "KID", "60 test pictures", measurement(21.4), own_distance=26.3)
HOUSES = replace(START, start=measurement(577.7), end=measurement(486.2), end_kimg=3.0, far=150.0)


def ended(end: Measurement) -> StartComparison:
    return replace(START, end=end, end_kimg=3.0)


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path)


@pytest.mark.parametrize(
    ("end", "better", "text"),
    [
        (measurement(40.7), "start", "The start was better: flowers paints closer to real pictures than the run's end"),
        (measurement(12.0), "end", "The run paints better than flowers"),
        (measurement(21.5, 5, -5), "neither", "The run paints no worse than flowers"),
        (measurement(19.0, 5, -5), "neither", "The run paints no worse than flowers"),
        (measurement(25.0, 5, -5), "neither", "The run paints no worse than flowers"),
        (START.start, "neither", "The run's pictures are still those of flowers"),
    ],
)
def test_the_end_is_compared_with_the_start(run: RunFolder, end: Measurement, better: str, text: str) -> None:
    comparison = ended(end)
    assert comparison.better == better
    sentence = comparison.end_sentence(run)
    assert sentence.startswith(text)
    assert f"KID {end.distance:.1f} at the end, 21.4 at the start" in sentence and "60 test pictures" in sentence
    assert ("takes the start, with --at-kimg 3 the end" in sentence) is (better == "start")


def test_an_end_that_is_better_but_far_from_the_pictures_is_no_success(run: RunFolder) -> None:
    assert HOUSES.better == "end" and not HOUSES.is_success
    assert "It is still far from these pictures: train longer, or with --from nothing." in HOUSES.end_sentence(run)
    assert ended(measurement(12.0)).is_success and not ended(measurement(40.7)).is_success and not START.is_success


@pytest.mark.parametrize(
    ("comparison", "kimg", "distance"),
    [
        (HOUSES, (), 486.2),
        (HOUSES, (0.0,), 577.7),
        (HOUSES, (3.0001,), 486.2),
        (HOUSES, (1.5,), None),
        (HOUSES, (0.0, 3.0), None),
        (replace(HOUSES, end=None), (), None),
    ],
)
def test_the_weights_that_are_exported_have_their_own_distance(
    comparison: StartComparison, kimg: tuple[float, ...], distance: float | None
) -> None:
    measured = comparison.of_weights(kimg)
    assert (measured and measured.distance) == distance


def test_a_distance_is_near_or_far_in_a_sentence_and_a_record() -> None:
    assert HOUSES.end
    assert HOUSES.distance_sentence(HOUSES.end) == (
        "Its pictures are far from those that it was trained on: KID 486.2 ± 0.5 on 60 test pictures; from 150 on "
        "pictures are of another world."
    )
    assert HOUSES.distance_sentence(measurement(22)).startswith("Its pictures resemble those that it was trained on:")
    record = {"metric": "KID", "value": 486.2, "standard_error": 0.5, "pictures": "60 test pictures", "far": 150.0}
    assert HOUSES.distance_record(HOUSES.end) == record


def test_before_its_end_a_run_has_no_verdict_and_a_collapsed_one_has_its_start() -> None:
    assert START.better is None
    collapsed = replace(START, collapsed=True)
    assert collapsed.better == "start"
    assert collapsed.export_sentence() == "The run collapsed, so this is its start, flowers."


def test_an_export_of_the_start_says_why() -> None:
    assert ended(measurement(40.7)).export_sentence() == (
        "The run's start, flowers, painted better than its end (KID 21.4 against 40.7), so this is the start; "
        "--at-kimg 3 takes the end."
    )


def test_an_export_says_where_the_weights_are_not_compared_and_nothing_where_they_are_no_worse() -> None:
    assert START.export_sentence() == (
        "The run has not ended: these weights may be worse than its start, flowers (--at-kimg 0)."
    )
    assert ended(measurement(21.5, 5, -5)).export_sentence() == ended(measurement(12.0)).export_sentence() == ""


def test_likeness_is_reported_before_the_run() -> None:
    assert START.likeness_sentence(None) == (
        "These pictures resemble what flowers paints: KID 21.4 ± 0.5 on 60 test pictures, where its own world has 26."
    )


@pytest.mark.parametrize(("minutes", "text"), [(45.0, "takes about 45 min here"), (186.0, "about 3 h 06 min here")])
def test_pictures_of_another_world_are_reported_with_what_to_do(minutes: float, text: str) -> None:
    sentence = replace(START, start=measurement(575), own_distance=None, far=150).likeness_sentence(minutes)
    assert sentence.startswith("These pictures are far from what flowers paints (KID 575.0 ± 0.5 on 60 test pictures)")
    assert "training from scratch, with --from nothing" in sentence and text in sentence


def test_pictures_of_another_world_are_much_to_learn_where_more_than_fine_tuning_is_trained() -> None:
    sentence = replace(START, start=measurement(575), own_distance=None, far=150).likeness_sentence()
    assert sentence == (
        "These pictures are far from what flowers paints (KID 575.0 ± 0.5 on 60 test pictures), so there is much to "
        "learn."
    )


@pytest.mark.parametrize("comparison", [START, ended(measurement(30)), replace(START, collapsed=True)])
def test_a_comparison_is_kept_in_the_run(run: RunFolder, comparison: StartComparison) -> None:
    assert StartComparison.read(run) is None
    comparison.write(run)
    assert StartComparison.read(run) == comparison


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"start": 3, "end": null}'])
def test_a_damaged_comparison_is_refused_in_a_sentence(run: RunFolder, content: str) -> None:
    run.comparison.write_text(content)
    with pytest.raises(TrainingError, match=r"comparison.json cannot be read: .*Remove it"):
        StartComparison.read(run)
