"""Verdicts: an answer to each question about a fault of a painter, from figures and findings."""

from collections.abc import Sequence
from dataclasses import dataclass

from painting.evaluation.alarms import Finding
from painting.evaluation.figure import Fault, Figure
from painting.evaluation.report.formatting import format_number
from painting.evaluation.report.schema import Verdict


@dataclass(frozen=True)
class Question:
    """The question about a fault, and the sentence of the answer no.

    The figures that answer it are those whose metric names the fault.
    """

    fault: Fault
    text: str
    fine: str
    of_prompts: bool = False
    """Whether it applies only to a painter that takes a prompt."""


FAULT_QUESTIONS = (
    Question(
        "memorization",
        "Does it copy training pictures?",
        "No sign of it: its pictures are hardly ever closer to training pictures than held-out real ones are.",
    ),
    Question("ignored_prompt", "Does it ignore the prompt?", "Its pictures follow their prompts.", of_prompts=True),
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
    evidence = [figure for figure in figures if question.fault in figure.metric.faults]
    faults = [finding for finding in findings if finding.fault == question.fault]
    if faults:
        splits = ", ".join(dict.fromkeys(finding.split for finding in faults))
        return Verdict(question.text, "yes", faults[0].sentence, splits, _in_words([*faults[0].figures, *evidence]))
    if not evidence:
        return Verdict(question.text, "not measured", "No figure that answers this was measured.")
    return Verdict(question.text, "no", question.fine, evidence=_in_words(evidence))


def _in_words(figures: Sequence[Figure]) -> str:
    """The figures that the answer rests on, each metric once, of the split that comes first."""
    first: dict[str, Figure] = {}
    for figure in figures:
        first.setdefault(figure.id, figure)
    return "; ".join(_in_short(figure) for figure in first.values())


def _in_short(figure: Figure) -> str:
    beside = "" if figure.real is None else f" (real pictures {format_number(figure.real)})"
    return f"{figure.name} {format_number(figure.value)}{beside}"
