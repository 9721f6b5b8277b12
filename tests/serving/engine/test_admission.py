"""A request is admitted by its predicted wait."""

from contextlib import ExitStack

import pytest

from painting.serving.engine.admission import Admission
from painting.serving.errors import ServerBusy


def admission(pace: float = 0.1, deadline: float = 2.5, max_queue: int = 100) -> Admission:
    return Admission(lambda: pace, deadline, max_queue, lambda pictures: None)


def test_requests_are_admitted_until_the_deadline_is_full_and_leave_again() -> None:
    requests = admission()
    with ExitStack() as held:
        for _ in range(4):
            held.enter_context(requests.admit(5, "late"))
        with pytest.raises(ServerBusy) as refused:
            held.enter_context(requests.admit(1, "late"))
        assert refused.value.retry_after == 2, "the queue is painted in 20 times 0.1 s"
    with requests.admit(20, "late"):
        pass


def test_a_client_with_more_than_the_deadline_delays_others_by_a_turn() -> None:
    requests = admission(max_queue=6)
    with ExitStack() as held:
        held.enter_context(requests.admit(1000, "greedy"))
        with pytest.raises(ServerBusy):
            held.enter_context(requests.admit(1, "greedy"))
        held.enter_context(requests.admit(5, "another"))
        held.enter_context(requests.admit(5, "third"))
        with pytest.raises(ServerBusy):
            held.enter_context(requests.admit(11, "fourth"))


def test_a_client_has_half_of_the_requests_that_wait() -> None:
    requests = admission(max_queue=6)
    with ExitStack() as held:
        for _ in range(3):
            held.enter_context(requests.admit(1, "greedy"))
        with pytest.raises(ServerBusy):
            held.enter_context(requests.admit(1, "greedy"))
        held.enter_context(requests.admit(1, "another"))


def test_an_idle_painter_takes_any_request() -> None:
    with admission(pace=10).admit(64, "client"):
        pass


def test_requests_are_bounded_in_number_too() -> None:
    requests = admission(pace=0, max_queue=2)
    with (
        requests.admit(1, "one"),
        requests.admit(1, "other"),
        pytest.raises(ServerBusy) as refused,
        requests.admit(1, "third"),
    ):
        pass
    assert refused.value.retry_after == 1


def test_retry_after_is_a_minute_at_most() -> None:
    requests = admission(pace=1000)
    with requests.admit(1, "one"), pytest.raises(ServerBusy) as refused, requests.admit(1, "other"):
        pass
    assert refused.value.retry_after == 60


def test_a_failed_request_leaves_the_queue() -> None:
    requests = admission()
    with pytest.raises(RuntimeError), requests.admit(3, "client"):
        raise RuntimeError
    with requests.admit(1000, "client"):
        pass
