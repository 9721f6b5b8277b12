"""Quick evaluation of a run in training: few pictures, by the features of the classifier alone."""

from dataclasses import replace
from typing import Any

from painting.evaluation.evaluate import Plan, evaluate
from painting.evaluation.extractors.classifier_training import cached_classifier
from painting.evaluation.prompts import ImageGenerator
from painting.evaluation.report.real_data import DataRequest, has_validation_set, open_real_data
from painting.progress import ProgressCallback, TaskProgressCallback, no_progress

PICTURES_PER_SPLIT = 500


class QuickEvaluation:
    """Measures painters of one run, always against the same pictures, from the same prompts and seeds."""

    def __init__(self, request: DataRequest, report: TaskProgressCallback = no_progress) -> None:
        """Open the real pictures and train the classifier, unless cached; raises DataError as `open_real_data` does.

        A run goes on or ends by these figures, so they are of the validation set where there is one.
        """
        request = replace(request, pictures=PICTURES_PER_SPLIT, model_selection=has_validation_set(request))
        self.real = open_real_data(request, report)
        self.classifier = cached_classifier(self.real.classifier_data, self.real.settings, report=report)

    def __call__(self, painter: ImageGenerator, report: ProgressCallback) -> list[dict[str, Any]]:
        """The figures as JSON; `report` may raise, to stop."""
        evaluation = evaluate(
            painter,
            self.real.data,
            [self.classifier],
            Plan(PICTURES_PER_SPLIT),
            lambda task, done, of: report(done, of),
        )
        return [figure.as_dict() for figure in evaluation.figures]
