"""What a run is measured against as it goes."""

from pathlib import Path
from unittest.mock import Mock

import pytest
from tests.evaluation.conftest import SIZE, write_folder

from painting.data.split import Split, write_split
from painting.evaluation import quick
from painting.evaluation.quick import PICTURES_PER_SPLIT, QuickEvaluation
from painting.evaluation.report.real_data import DataRequest


@pytest.mark.parametrize(
    ("parts", "measured"),
    [(("test", "validation"), "validation"), (("validation",), "validation"), (("test",), "test")],
)
def test_a_run_that_ends_by_its_figures_leaves_the_test_part_unused(
    parts: tuple[str, ...], measured: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAINTING_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(quick, "cached_classifier", Mock())
    folder = write_folder(tmp_path / "flowers", 24, 0)
    write_split(folder, Split({part: {f"{place:04}.png": "x"} for place, part in enumerate(parts)}))  # type: ignore[misc]
    measure = QuickEvaluation(DataRequest(folder, None, SIZE, True, pictures=PICTURES_PER_SPLIT))
    assert measure.real.data.test.split == measured
