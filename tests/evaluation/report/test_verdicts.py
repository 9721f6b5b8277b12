from dataclasses import replace
from typing import get_args

import pytest
from tests.evaluation.report.conftest import figure

from painting.evaluation.alarms import Finding, find_faults
from painting.evaluation.figure import Fault, Figure, Metric
from painting.evaluation.figures.sharpness import SHARPNESS_METRIC
from painting.evaluation.metrics.kid import KID_METRIC
from painting.evaluation.metrics.label_accuracy import LABEL_ACCURACY_METRIC
from painting.evaluation.metrics.memorization import C_T_METRIC
from painting.evaluation.metrics.precision_recall import COVERAGE_METRIC, RECALL_METRIC
from painting.evaluation.report.verdicts import FAULT_QUESTIONS, verdicts_of


def finding(
    fault: Fault, sentence: str = "It is so.", split: str = "test", figures: tuple[Figure, ...] = ()
) -> Finding:
    return Finding(fault, sentence, figures, split)


def answers(metrics: list[Metric], findings: list[Finding], conditional: bool = True) -> dict[str, str]:
    evaluated = [figure(metric, 0.5) for metric in metrics]
    return {verdict.question: verdict.answer for verdict in verdicts_of(evaluated, findings, conditional)}


def test_a_fault_answers_its_question_and_no_other() -> None:
    metrics = [C_T_METRIC, LABEL_ACCURACY_METRIC, RECALL_METRIC, SHARPNESS_METRIC]
    assert answers(metrics, [finding("ignored_prompt")]) == {
        "Is it far from the real pictures?": "not measured",
        "Does it copy training pictures?": "no",
        "Does it ignore the prompt?": "yes",
        "Does it ignore the latent?": "not measured",
        "Are modes missing?": "no",
        "Is it blurred?": "no",
        "Is it noisy?": "no",
    }


def test_each_fault_has_one_question() -> None:
    assert [question.fault for question in FAULT_QUESTIONS] == list(get_args(Fault))


def test_the_sentence_of_a_fault_and_its_splits_are_in_the_verdict() -> None:
    faults = [finding("blur", "Its detail is half."), finding("blur", "The same.", "train")]
    verdict = next(v for v in verdicts_of([], faults, True) if "blurred" in v.question)
    assert (verdict.answer, verdict.sentence, verdict.split) == ("yes", "Its detail is half.", "test, train")


def test_a_fault_rests_on_the_figures_that_show_it_whatever_the_others_say() -> None:
    harmless = figure(LABEL_ACCURACY_METRIC, 0.6)
    telling = figure(LABEL_ACCURACY_METRIC, 0.1)
    verdict = next(
        v
        for v in verdicts_of([harmless, telling], [finding("ignored_prompt", figures=(telling,))], True)
        if "prompt" in v.question
    )
    assert verdict.evidence == "species accuracy 0.100"


def test_the_evidence_of_a_no_are_the_figures_of_the_question() -> None:
    figures = [
        figure(RECALL_METRIC, 0.61, real=0.7),
        figure(RECALL_METRIC, 0.5, "train"),
        figure(COVERAGE_METRIC, 0.8),
    ]
    verdict = next(v for v in verdicts_of(figures, [], True) if "modes" in v.question)
    assert verdict.evidence == "recall 0.610 (real pictures 0.700); coverage 0.800"


def test_a_painter_without_prompts_has_no_question_about_them() -> None:
    assert "Does it ignore the prompt?" not in answers([RECALL_METRIC], [], conditional=False)


@pytest.mark.parametrize(
    ("value", "answer", "sentence"),
    [
        (533.0, "yes", "Its pictures are far from the real test pictures: KID ×1000 533.0, where other real ones have"),
        (22.3, "no", "Its pictures are near the real test pictures: KID ×1000 22.3, where other real ones have 1.2, "),
    ],
)
def test_the_report_begins_with_the_distance_from_the_real_pictures(value: float, answer: str, sentence: str) -> None:
    by_classifier = figure(KID_METRIC, 999.0, real=3.0)
    distance = replace(figure(KID_METRIC, value, real=1.2), extractor="efficientnet-lite2")
    figures = [by_classifier, distance]
    first = verdicts_of(figures, find_faults(figures), True)[0]
    assert (first.question, first.answer) == ("Is it far from the real pictures?", answer)
    assert first.sentence.startswith(sentence)
    assert first.sentence.endswith("pictures of another world 150 and more (efficientnet-lite2).")
