"""Verdicts: an answer to each question about a fault of a painter, from figures and findings."""

from collections.abc import Sequence
from dataclasses import dataclass

from painting.evaluation.alarms import Finding, distance_in_words
from painting.evaluation.figure import Fault, Figure
from painting.evaluation.picture_distance import EfficientNetKid
from painting.evaluation.report.formatting import format_number
from painting.evaluation.report.schema import Verdict


@dataclass(frozen=True)
class Question:
    """The question about a fault, and the sentences of the answers no and not measured.

    The figures that answer it are those whose metric names the fault.
    """

    fault: Fault
    text: str
    no: str
    of_prompts: bool = False
    """Whether it applies only to a painter that takes a prompt."""
    not_measured: str = "No figure that answers this was measured."
    extractor: str = ""
    """The only one whose figures answer it; empty: all do."""

    def takes(self, figure: Figure) -> bool:
        """Whether a figure of a metric that names the fault answers it."""
        return self.extractor in ("", figure.extractor)

    def fine(self, figure: Figure) -> str:
        """The sentence of the answer no, of which a figure that it rests on gives the numbers."""
        return self.no.format(split=figure.split, distance=distance_in_words(figure), extractor=figure.extractor)


FAULT_QUESTIONS = (
    Question(
        "distance",
        "Is it far from the real pictures?",
        "Its pictures are near the real {split} pictures: {distance} ({extractor}).",
        not_measured="It takes the extractor efficientnet and enough held-out pictures.",
        extractor=EfficientNetKid.figure[1],
    ),
    Question(
        "memorization",
        "Does it copy training pictures?",
        "No sign of it: its pictures are hardly ever closer to training pictures than held-out real ones are.",
    ),
    Question(
        "ignored_prompt",
        "Does it ignore the prompt?",
        "Its pictures follow their prompts.",
        of_prompts=True,
        not_measured="It takes labels, as columns of a metadata.csv (docs/data.md), or the extractor clip.",
    ),
    Question("ignored_latent", "Does it ignore the latent?", "Other seeds give other pictures."),
    Question("missing_modes", "Are modes missing?", "Nearly every mode of the real pictures is painted."),
    Question("blur", "Is it blurred?", "Its pictures are about as sharp as real ones."),
    Question("noise", "Is it noisy?", "Its pictures have no more fine detail than real ones."),
)


def verdicts_of(figures: Sequence[Figure], findings: Sequence[Finding], conditional: bool) -> tuple[Verdict, ...]:
    """The answer to each question that fits the painter."""
    questions = [question for question in FAULT_QUESTIONS if conditional or not question.of_prompts]
    return tuple(_answer(question, figures, findings) for question in questions)


def _answer(question: Question, figures: Sequence[Figure], findings: Sequence[Finding]) -> Verdict:
    evidence = [each for each in figures if question.fault in each.metric.faults and question.takes(each)]
    faults = [finding for finding in findings if finding.fault == question.fault]
    if faults:
        splits = ", ".join(dict.fromkeys(finding.split for finding in faults))
        return Verdict(question.text, "yes", faults[0].sentence, splits, _in_words([*faults[0].figures, *evidence]))
    if not evidence:
        return Verdict(question.text, "not measured", question.not_measured)
    return Verdict(question.text, "no", question.fine(evidence[0]), evidence=_in_words(evidence))


def _in_words(figures: Sequence[Figure]) -> str:
    """The figures that the answer rests on, each metric once, of the split that comes first."""
    first: dict[str, Figure] = {}
    for figure in figures:
        first.setdefault(figure.id, figure)
    return "; ".join(_in_short(figure) for figure in first.values())


def _in_short(figure: Figure) -> str:
    beside = "" if figure.real is None else f" (real pictures {format_number(figure.real)})"
    return f"{figure.name} {format_number(figure.value)}{beside}"
