"""An export takes what it is given, else what a ranking or a comparison found best, else the newest weights."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from painting.training.export.choice import NEWEST_WEIGHTS, choose_weights
from painting.training.guard.comparison import StartComparison
from painting.training.guard.measurement import Measurement
from painting.training.guard.ranking import RankedWeights, Ranking
from painting.training.run.folder import RunFolder

START = StartComparison("roses", "KID", "60 test pictures", Measurement(20.0, (20.1, 19.9)))
WORSE_END = {"end": Measurement(40.0, (40.1, 39.9)), "end_kimg": 3.0}


def a_ranking(memorizes: bool) -> Ranking:
    return Ranking("KID", (RankedWeights((1.0, 2.0), 4, memorizes, ()), RankedWeights((2.0,), 8, memorizes, ())))


@pytest.mark.parametrize(
    ("given", "memorizes", "changes", "kimg", "sentence"),
    [
        ((), None, None, (), ""),
        ((), None, {}, (), "The run has not ended"),
        ((), None, WORSE_END, (0.0,), "The run's start, roses, painted better"),
        ((), False, WORSE_END, (1.0, 2.0), "Of 2 weights this is the mean of 1 and 2 kimg, the best by KID"),
        ((), True, WORSE_END, (0.0,), "The run's start, roses, painted better"),
        ((2.0,), False, WORSE_END, (2.0,), ""),
    ],
)
def test_the_weights_of_an_export(
    tmp_path: Path,
    given: tuple[float, ...],
    memorizes: bool | None,
    changes: dict[str, Any] | None,
    kimg: tuple[float, ...],
    sentence: str,
) -> None:
    run = RunFolder(tmp_path)
    run.saved.mkdir()
    if memorizes is not None:
        a_ranking(memorizes).write(run)
    if changes is not None:
        replace(START, **changes).write(run)
    choice = choose_weights(run, given)
    assert choice.kimg == kimg
    assert choice.sentence.startswith(sentence) and bool(choice.sentence) is bool(sentence)


def test_a_card_holds_the_snapshots_and_by_what_they_were_chosen(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    run.saved.mkdir()
    a_ranking(False).write(run)
    assert choose_weights(run).record() == {"snapshots_kimg": [1.0, 2.0], "selected_by": "KID", "candidates": 2}
    assert choose_weights(run, [2.0]).record() == {"snapshots_kimg": [2.0]}
    assert NEWEST_WEIGHTS.record() == {}
