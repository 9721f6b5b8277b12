"""The snapshots of a run, and their mean, are ranked by `painting evaluate --choose`, and the best is exported."""

import json
from pathlib import Path

import pytest
from tests.conftest import tiny_generator
from tests.evaluation.conftest import write_folder

from painting.cli import run as painting
from painting.evaluation.extractors.classifier import ClassifierSettings
from painting.files import painter_file

pytestmark = pytest.mark.slow


@pytest.mark.usefixtures("training_surroundings")
def test_the_best_snapshot_of_a_run_or_their_mean_is_chosen_and_exported(
    tmp_path: Path, preset: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    graph = tiny_generator(384, 16, 128).SerializeToString()  # tracing one of every snapshot takes a minute and a half
    monkeypatch.setattr("painting.training.export.exporter.painter_graph", lambda *sampler: graph)
    monkeypatch.setattr("painting.training.export.exporter.MAX_LEVEL_DIFFERENCE", 255)
    tiny = ClassifierSettings(widths=(8,), images=64, batch=16)
    monkeypatch.setattr("painting.evaluation.report.real_data.ClassifierSettings", lambda: tiny)
    monkeypatch.setattr("painting.evaluation.extractors.efficientnet.IMAGE_SIDE", 32)
    pictures = write_folder(tmp_path / "garden", 24, 0)
    train = ["train", str(pictures), "--preset", preset, "--run", "mine", "--threads", "1"]
    assert painting([*train, "--snapshots", "2", "--device", "cpu"]) == 0
    capsys.readouterr()
    assert painting(["evaluate", "mine", "--choose", "--threads", "1", "--pictures", "16", "--generations", "2"]) == 0
    output = capsys.readouterr().out
    assert "note: No validation pictures are held out" in output
    assert "on 16 training pictures that are not held out, with 2 sets of seeds" in output
    assert Path("mine/saved/ranking/report.html").is_file()
    ranking = json.loads(Path("mine/saved/ranking.json").read_text())
    weights = [(each["kimg"], each["rank_sum"]) for each in ranking["ranked"]]
    assert weights == [([0.016, 0.032], 4), ([0.032], 4), ([0.016], 4)]  # with one graph all are equal
    figures = [(figure["id"], figure["extractor"].partition("-")[0]) for figure in ranking["ranked"][0]["figures"]]
    assert sorted(figures) == [(id, name) for id in ("coverage", "kid") for name in ("classifier", "efficientnet")]
    assert painting(["export", "mine", "-o", "mine.painter"]) == 0
    assert capsys.readouterr().out.startswith(
        "Of 3 weights this is the mean of 0.016 and 0.032 kimg, the best by the sum"
    )
    card = painter_file.read(Path("mine.painter")).manifest.card
    assert card["weights"] == {"snapshots_kimg": [0.016, 0.032], "selected_by": ranking["by"], "candidates": 3}
