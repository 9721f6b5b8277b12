"""Ctrl-C requests a stop at first and forces it the second time while training, and ends a trial before it."""

import signal
from threading import Event

import pytest

from painting.progress import TaskProgressCallback, no_progress
from painting.training.run.interrupt import Abandoned, Interrupt, abandonable

SIGNALS = [signal.SIGINT, signal.SIGTERM]


@pytest.mark.parametrize("number", SIGNALS)
def test_the_first_signal_is_remembered(number: signal.Signals) -> None:
    with Interrupt() as interrupt:
        assert not interrupt.requested
        signal.raise_signal(number)
        assert interrupt.requested


@pytest.mark.parametrize("number", SIGNALS)
def test_the_second_one_stops_at_once(number: signal.Signals) -> None:
    with Interrupt():
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(number)


def test_afterwards_signals_do_what_they_did_before() -> None:
    before = [signal.getsignal(number) for number in SIGNALS]
    with pytest.raises(ZeroDivisionError), Interrupt():
        assert [signal.getsignal(number) for number in SIGNALS] != before
        raise ZeroDivisionError
    assert [signal.getsignal(number) for number in SIGNALS] == before


def test_the_next_training_starts_without_the_interrupt_of_the_last() -> None:
    with Interrupt():
        signal.raise_signal(signal.SIGINT)
    with Interrupt() as interrupt:
        assert not interrupt.requested


def test_ctrl_c_ends_the_wait_for_an_operation_at_once_and_its_work_at_the_next_report() -> None:
    pressed, ended = Event(), Event()

    def work(report: TaskProgressCallback) -> None:
        report("trying", 0, 1)
        pressed.wait()  # as one long operation
        try:
            report("trying", 0, 1)
        except Abandoned:
            ended.set()

    with pytest.raises(KeyboardInterrupt):
        abandonable(work, lambda *_: signal.raise_signal(signal.SIGINT))
    assert not ended.is_set()
    pressed.set()
    assert ended.wait(timeout=60)


def test_work_that_is_waited_for_gives_its_result_or_its_error() -> None:
    assert abandonable(lambda report: 7, no_progress) == 7
    with pytest.raises(ZeroDivisionError):
        abandonable(lambda report: 1 // 0, no_progress)
