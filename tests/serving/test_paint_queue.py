"""One painter, many threads in front of it."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from painting.errors import InvalidRequest, PainterFileError
from painting.images import UInt8Array
from painting.painter import Painter
from painting.serving.errors import ServerBusy
from painting.serving.paint_queue import PaintQueue


class Held:
    """Stands in for `paint_arrays`: works on until it is let go, and counts who is in it."""

    def __init__(self, painter: Painter) -> None:
        self._paint = painter.paint_arrays
        self.let_go = threading.Event()
        self.entered = threading.Semaphore(0)
        self.inside = self.most_inside = 0

    def __call__(self, prompts: Sequence[str], seeds: Sequence[int]) -> UInt8Array:
        self.inside += 1
        self.most_inside = max(self.most_inside, self.inside)
        self.entered.release()
        assert self.let_go.wait(10)
        self.inside -= 1
        return self._paint(prompts, seeds)


@pytest.fixture
def held(painter: Painter, monkeypatch: pytest.MonkeyPatch) -> Held:
    held = Held(painter)
    monkeypatch.setattr(painter, "paint_arrays", held)
    return held


def test_the_painter_works_on_one_request_at_a_time_and_on_all(painter: Painter, held: Held) -> None:
    queue = PaintQueue(painter, most_waiting=8)
    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(queue.paint, "a rose", 1, seed) for seed in range(8)]
        assert held.entered.acquire(timeout=5)
        held.let_go.set()
        assert [paintings.result(10).seeds for paintings in asked] == [(seed,) for seed in range(8)]
    assert held.most_inside == 1


def test_whoever_finds_the_queue_full_is_told_when_to_come_again(painter: Painter, held: Held) -> None:
    queue = PaintQueue(painter, most_waiting=1)
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(queue.paint, "a rose", 1, 1)
        assert held.entered.acquire(timeout=5)
        with pytest.raises(ServerBusy) as busy:
            queue.paint("a tulip", 1, 1)
        assert busy.value.retry_after >= 1
        with pytest.raises(InvalidRequest, match="empty"):
            queue.paint("", 1, 1)  # what cannot be painted is told at once, however full it is
        held.let_go.set()
        assert len(first.result(10)) == 1
    assert len(queue.paint("a tulip", 1, 1)) == 1, "there is room again"


def test_a_request_gets_what_the_painter_alone_would_paint(painter: Painter) -> None:
    queued = PaintQueue(painter, most_waiting=1).paint("a  rose", 3, 5)
    alone = painter.paint("a rose", count=3, seed=5)
    assert [queued.png(index) for index in range(3)] == [alone.png(index) for index in range(3)]


def test_it_is_healthy_from_the_first_painting_until_the_painter_fails(
    painter: Painter, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = PaintQueue(painter, most_waiting=1)
    assert not queue.healthy
    queue.warm_up()
    assert queue.healthy

    def fail(prompts: Sequence[str], seeds: Sequence[int]) -> UInt8Array:
        raise PainterFileError("its file is broken")

    with monkeypatch.context() as broken:
        broken.setattr(painter, "paint_arrays", fail)
        with pytest.raises(PainterFileError):
            queue.paint("a rose", 1, 1)
    assert not queue.healthy
    queue.paint("a rose", 1, 1)
    assert queue.healthy
