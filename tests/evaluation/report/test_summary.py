"""A terminal has the distances of training and test prompts in one line, beside those of real pictures."""

from painting.evaluation.report.schema import PainterReport
from painting.evaluation.report.summary import summary_lines


def test_splits_stand_beside_each_other_for_each_extractor(painter_report: PainterReport) -> None:
    assert summary_lines(painter_report.figures) == [
        "Fréchet distance by classifier-1a2b3c4d: train 7.90 (real 1.10, N 1,002); test 8.75 (real 1.71, N 1,002)",
        "FID by inception-v3: test 61.5 (real 22.0, N 1,002)",
    ]
