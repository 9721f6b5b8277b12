"""Who may wait is decided by when they would be painted."""

from contextlib import ExitStack

import pytest

from painting.serving.engine.admission import Admission
from painting.serving.errors import ServerBusy


def admission(pace: float = 0.1, deadline: float = 2.5, max_queue: int = 100) -> Admission:
    return Admission(lambda: pace, deadline, max_queue, lambda pictures: None)


def test_places_last_until_the_deadline_is_full_and_come_back() -> None:
    places = admission()
    with ExitStack() as held:
        for _ in range(4):
            held.enter_context(places.place(5))
        with pytest.raises(ServerBusy) as refused:
            held.enter_context(places.place(1))
        assert refused.value.retry_after == 2, "what waits is painted in 20 times 0.1 s"
    assert (places.waiting_requests, places.waiting_pictures) == (0, 0)
    with places.place(20):
        pass


def test_an_idle_painter_takes_any_request() -> None:
    with admission(pace=10).place(64):
        pass


def test_requests_are_bounded_in_number_too() -> None:
    places = admission(pace=0, max_queue=2)
    with places.place(1), places.place(1), pytest.raises(ServerBusy) as refused, places.place(1):
        pass
    assert refused.value.retry_after == 1


def test_nobody_is_sent_away_for_longer_than_a_minute() -> None:
    places = admission(pace=1000)
    with places.place(1), pytest.raises(ServerBusy) as refused, places.place(1):
        pass
    assert refused.value.retry_after == 60


def test_a_place_is_given_back_after_a_failure() -> None:
    places = admission()
    with pytest.raises(RuntimeError), places.place(3):
        raise RuntimeError
    assert places.waiting_pictures == 0
