"""Quick evaluation of a run in training: few pictures, by the features of the classifier alone."""

from dataclasses import replace
from typing import Any

from painting.evaluation.evaluate import Plan, evaluate
from painting.evaluation.extractors.classifier_training import cached_classifier
from painting.evaluation.prompts import ImageGenerator
from painting.evaluation.report.real_data import Wanted, can_choose, open_real_data
from painting.progress import ProgressCallback

PICTURES = 500
"""For train and for test prompts each."""


class QuickEvaluation:
    """Measures painters of one run: always against the same pictures, from the same prompts and seeds."""

    def __init__(self, wanted: Wanted, report: ProgressCallback | None = None) -> None:
        """Open the real pictures and train the classifier, unless cached; raises DataError as `open_real_data` does.

        A run goes on or ends by these figures, so they are of the validation part where there is one.
        """
        self.real = open_real_data(replace(wanted, pictures=PICTURES, choosing=can_choose(wanted)), report)
        self.classifier = cached_classifier(self.real.classifier_data, self.real.settings, report=report)

    def __call__(self, painter: ImageGenerator, report: ProgressCallback) -> list[dict[str, Any]]:
        """The figures as they are written down; `report` may raise, to stop."""
        found = evaluate(
            painter, self.real.data, [self.classifier], Plan(PICTURES), lambda what, done, of: report(done, of)
        )
        return [figure.as_dict() for figure in found.figures]
