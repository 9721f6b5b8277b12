"""The six questions that everybody asks of a painter, answered in words from what was found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from painting.evaluation.figure import Figure
from painting.evaluation.report.formatting import told
from painting.evaluation.report.schema import Verdict


class Found(Protocol):
    """A fault: `painting.evaluation.alarms.Finding` is one."""

    @property
    def kind(self) -> str: ...
    @property
    def sentence(self) -> str: ...
    @property
    def split(self) -> str: ...
    @property
    def figures(self) -> Sequence[Figure]: ...


@dataclass(frozen=True)
class Question:
    """What is asked, the fault that would answer yes, and the ends of the names of the figures that tell."""

    text: str
    fault: str
    fine: str
    figures: tuple[str, ...]
    of_prompts: bool = False


QUESTIONS = (
    Question(
        "Does it copy training pictures?",
        "copies training pictures",
        "No sign of it: its pictures hardly ever come closer to training pictures than unseen real ones do.",
        ("C_T", "closer than real ones ever come"),
    ),
    Question(
        "Does it ignore the prompt?",
        "ignores the prompt",
        "What it paints follows what it is asked for.",
        ("read back", "alignment", "R-precision"),
        of_prompts=True,
    ),
    Question(
        "Does it ignore the latent?",
        "ignores the latent",
        "Other seeds give other pictures.",
        ("diversity at one prompt", "MS-SSIM at one prompt", "MS-SSIM within class"),
    ),
    Question(
        "Does it leave kinds out?",
        "leaves kinds out",
        "Nearly every kind of picture is painted.",
        ("recall", "coverage", "left out"),
    ),
    Question("Is it blurred?", "blurred", "Its pictures have the fine detail of real ones.", ("sharpness",)),
    Question("Is it noisy?", "noisy", "Its pictures have no more fine detail than real ones.", ("sharpness",)),
)


def verdicts_of(figures: Sequence[Figure], findings: Sequence[Found], conditional: bool) -> tuple[Verdict, ...]:
    """An answer to each question, and to each fault that no question asks for."""
    asked = [question for question in QUESTIONS if conditional or not question.of_prompts]
    known = {question.fault for question in QUESTIONS}
    others = [
        Verdict(f"Anything else? It {found.kind}.", "yes", found.sentence, found.split)
        for found in findings
        if found.kind not in known
    ]
    return (*(_answer(question, figures, findings) for question in asked), *others)


def _answer(question: Question, figures: Sequence[Figure], findings: Sequence[Found]) -> Verdict:
    telling = [figure for figure in figures if figure.name.endswith(question.figures)]
    faults = [found for found in findings if found.kind == question.fault]
    if faults:
        splits = ", ".join(dict.fromkeys(found.split for found in faults if found.split))
        return Verdict(question.text, "yes", faults[0].sentence, splits, _evidence([*faults[0].figures, *telling]))
    if not telling:
        return Verdict(question.text, "not measured", "Nothing that was measured tells.")
    return Verdict(question.text, "no", question.fine, evidence=_evidence(telling))


def _evidence(figures: Sequence[Figure]) -> str:
    """The figures that say so, each once, of the split that comes first."""
    first: dict[str, Figure] = {}
    for figure in figures:
        first.setdefault(figure.name, figure)
    return "; ".join(_shortly(figure) for figure in first.values())


def _shortly(figure: Figure) -> str:
    beside = "" if figure.real is None else f" (real pictures {told(figure.real)})"
    return f"{figure.name} {told(figure.value)}{beside}"
