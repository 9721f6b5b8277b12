from dataclasses import dataclass

from tests.evaluation.report.conftest import figure

from painting.evaluation.figure import Figure
from painting.evaluation.report.verdicts import verdicts_of


@dataclass(frozen=True)
class Fault:
    kind: str
    sentence: str = "It is so."
    split: str = "test"
    figures: tuple[Figure, ...] = ()


def answers(figures: list[str], faults: list[Fault], conditional: bool = True) -> dict[str, str]:
    measured = [figure(name, 0.5) for name in figures]
    return {verdict.question: verdict.answer for verdict in verdicts_of(measured, faults, conditional)}


def test_a_fault_answers_its_question_and_no_other() -> None:
    found = answers(["C_T", "species read back", "recall", "sharpness"], [Fault("ignores the prompt")])
    assert found == {
        "Does it copy training pictures?": "no",
        "Does it ignore the prompt?": "yes",
        "Does it ignore the latent?": "not measured",
        "Does it leave kinds out?": "no",
        "Is it blurred?": "no",
        "Is it noisy?": "no",
    }


def test_the_sentence_of_a_fault_and_where_it_was_found_are_told() -> None:
    faults = [Fault("blurred", "Its detail is half."), Fault("blurred", "The same.", "train")]
    verdict = next(v for v in verdicts_of([], faults, True) if "blurred" in v.question)
    assert (verdict.answer, verdict.sentence, verdict.split) == ("yes", "Its detail is half.", "test, train")


def test_a_fault_rests_on_the_figures_that_name_it_whoever_else_found_nothing() -> None:
    harmless, telling = figure("species read back", 0.6), figure("species read back", 0.1)
    verdict = next(
        v
        for v in verdicts_of([harmless, telling], [Fault("ignores the prompt", figures=(telling,))], True)
        if "prompt" in v.question
    )
    assert verdict.evidence == "species read back 0.100"


def test_what_is_fine_is_told_with_the_figures_that_say_so() -> None:
    figures = [figure("recall", 0.61, real=0.7), figure("recall", 0.5, "train"), figure("coverage", 0.8)]
    verdict = next(v for v in verdicts_of(figures, [], True) if "kinds" in v.question)
    assert verdict.evidence == "recall 0.610 (real pictures 0.700); coverage 0.800"


def test_a_painter_without_prompts_is_not_asked_about_them() -> None:
    assert "Does it ignore the prompt?" not in answers(["recall"], [], conditional=False)


def test_faults_that_no_question_asks_for_are_told_all_the_same() -> None:
    last = verdicts_of([], [Fault("repeats itself")], True)[-1]
    assert last.answer == "yes" and "repeats itself" in last.question
