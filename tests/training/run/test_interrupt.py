"""Ctrl-C requests a stop at first and forces it the second time, and only while training."""

import signal

import pytest

from painting.training.run.interrupt import Interrupt

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
