"""Waiting jobs are painted together, and their pictures do not show it."""

import gc
import threading
import time
import weakref
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import painting
from painting.errors import PainterFileError
from painting.images import FloatArray, UInt8Array
from painting.latents import latents_of
from painting.paint.painter import Painter
from painting.serving.auth import Client
from painting.serving.client import ClientConnection
from painting.serving.engine.batcher import BatchingWorker, Job
from painting.serving.errors import ClientDisconnected, ServerBusy

CLIENT = Client(ClientConnection(), "somebody")


class Held:
    """Stands in for `paint_rows`: notes how many pictures it was given, and paints when it is let go."""

    def __init__(self, painter: Painter) -> None:
        self._paint = painter.paint_rows
        self.let_go, self.entered = threading.Event(), threading.Semaphore(0)
        self.batches: list[int] = []

    def __call__(self, latents: FloatArray, vectors: FloatArray | None) -> UInt8Array:
        self.batches.append(len(latents))
        self.entered.release()
        assert self.let_go.wait(10)
        return self._paint(latents, vectors)


@pytest.fixture
def worker(painter: Painter) -> Iterator[BatchingWorker]:
    worker = BatchingWorker(painter, max_batch_size=8)
    worker.start()
    yield worker
    worker.close()


@pytest.fixture
def no_collector() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


@pytest.fixture
def held(worker: BatchingWorker, monkeypatch: pytest.MonkeyPatch) -> Held:
    held = Held(worker.painter)
    monkeypatch.setattr(worker.painter, "paint_rows", held)
    return held


def job(
    painter: Painter,
    *seeds: int,
    prompt: str = "a rose",
    seconds: float = 60,
    connection: ClientConnection | None = None,
    client: str = "somebody",
) -> Job:
    vectors = np.stack([painter.text_vector(prompt)] * len(seeds))
    latents = latents_of(seeds, painter.latent_size)
    return Job(latents, vectors, time.monotonic() + seconds, Client(connection or ClientConnection(), client))


def wait_for_jobs(worker: BatchingWorker, count: int) -> None:
    """Wait until so many jobs are queued."""
    while sum(map(len, list(worker._queue.values()))) < count:
        time.sleep(0.001)


def test_what_waits_is_painted_together_and_equals_what_is_painted_alone(worker: BatchingWorker, held: Held) -> None:
    painter, prompts = worker.painter, [f"a rose {number}" for number in range(12)]
    with ThreadPoolExecutor(13) as threads:
        first = threads.submit(worker.paint, job(painter, 0))
        assert held.entered.acquire(timeout=10)
        assert held.batches == [1], "a lone request waits for nobody"
        others = [threads.submit(worker.paint, job(painter, 7, prompt=prompt)) for prompt in prompts]
        wait_for_jobs(worker, 12)
        held.let_go.set()
        first.result(10)
        painted = [other.result(10)[0] for other in others]
    assert held.batches == [1, 8, 4]
    for prompt, picture in zip(prompts, painted, strict=True):
        assert np.array_equal(picture, painter.paint(prompt, 1, seed=7).arrays[0])


@pytest.mark.parametrize("name", ["shapes", "digits"])
def test_bundled_painters_paint_the_same_bits_in_any_company(name: str) -> None:
    painter = painting.load(name)
    prompts = ["a red rose", "a daisy"] if painter.conditional else []
    together = painter.paint_arrays(prompts, [3, 4])
    assert np.array_equal(together[:1], painter.paint_arrays(prompts[:1], [3]))
    assert np.array_equal(together[1:], painter.paint_arrays(prompts[1:], [4]))


def test_a_painter_that_paints_otherwise_in_company_paints_alone(
    painter: Painter, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = painter.paint_rows
    monkeypatch.setattr(
        painter, "paint_rows", lambda latents, vectors: plain(latents, vectors) + np.uint8(len(latents))
    )
    worker = BatchingWorker(painter, max_batch_size=8)
    worker.start()
    assert worker.max_batch_size == 1
    alone = painter.paint_rows(latents_of([5], painter.latent_size), painter.text_vector("a rose")[None])
    assert np.array_equal(worker.paint(job(painter, 4, 5, 6))[1], alone[0])


def test_a_large_request_is_painted_in_parts_and_comes_whole(worker: BatchingWorker) -> None:
    painted = worker.paint(job(worker.painter, *range(30)))
    assert np.array_equal(painted, worker.painter.paint("a rose", 30, seed=0).arrays)


def test_a_job_goes_with_its_client_and_waits_for_no_collector(worker: BatchingWorker, no_collector: None) -> None:
    client = ClientConnection()
    asked = job(worker.painter, 1, connection=client)
    worker.paint(asked)
    worker.paint(job(worker.painter, 2))  # or the worker would still hold its last batch
    gone = weakref.ref(asked)
    del asked
    assert gone() is not None  # the client may leave yet, and is to end it
    del client
    assert gone() is None


def test_clients_take_turns_however_much_one_of_them_wants(painter: Painter) -> None:
    worker = BatchingWorker(painter, max_batch_size=8)
    modest = job(painter, 1, 2, client="modest")
    worker._queue["greedy"] = deque(job(painter, *range(30), client="greedy") for _ in range(5))
    worker._queue["modest"] = deque([modest])
    batches = [[(rows.client, taken.stop - taken.start) for rows, taken in worker._next_batch()] for _ in range(3)]
    assert batches == [[("greedy", 8)], [("modest", 2), ("greedy", 6)], [("greedy", 8)]]
    assert modest.all_taken and list(worker._queue) == ["greedy"]


def test_nothing_is_painted_for_a_client_that_has_left(worker: BatchingWorker, held: Held) -> None:
    client = ClientConnection()
    with ThreadPoolExecutor(3) as threads:
        first = threads.submit(worker.paint, job(worker.painter, 0))
        assert held.entered.acquire(timeout=10)
        gone = threads.submit(worker.paint, job(worker.painter, 1, 2, 3, connection=client))
        last = threads.submit(worker.paint, job(worker.painter, 4))
        wait_for_jobs(worker, 2)
        client.disconnect()
        with pytest.raises(ClientDisconnected):
            gone.result(10)  # at once, although the painter still works
        held.let_go.set()
        assert len(first.result(10)) == len(last.result(10)) == 1
    assert held.batches == [1, 1]


def test_what_comes_too_late_is_not_begun(worker: BatchingWorker, held: Held) -> None:
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(worker.paint, job(worker.painter, 0))
        assert held.entered.acquire(timeout=10)
        late = threads.submit(worker.paint, job(worker.painter, 1, seconds=-1))
        wait_for_jobs(worker, 1)
        held.let_go.set()
        with pytest.raises(ServerBusy):
            late.result(10)
        first.result(10)
    assert held.batches == [1]


def test_a_picture_that_cannot_be_painted_spoils_no_others(
    worker: BatchingWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, begun = worker.painter.paint_rows, threading.Event()

    def fail_on_nan(latents: FloatArray, vectors: FloatArray | None) -> UInt8Array:
        begun.wait(10)
        if np.isnan(latents).any():
            raise PainterFileError("not a number")
        return plain(latents, vectors)

    monkeypatch.setattr(worker.painter, "paint_rows", fail_on_nan)
    bad = job(worker.painter, 1)
    bad.latents[:] = np.nan
    with ThreadPoolExecutor(4) as threads:
        good = [threads.submit(worker.paint, job(worker.painter, 0))]
        spoilt = threads.submit(worker.paint, bad)
        good += [threads.submit(worker.paint, job(worker.painter, 2))]
        begun.set()
        assert all(len(each.result(10)) == 1 for each in good)
        with pytest.raises(PainterFileError, match="not a number"):
            spoilt.result(10)
    worker.paint(job(worker.painter, 3))
    assert worker.healthy


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_worker_that_dies_fails_its_queue_and_says_so(painter: Painter, monkeypatch: pytest.MonkeyPatch) -> None:
    died = threading.Event()
    worker = BatchingWorker(painter, 8, on_crash=died.set)
    worker.start()

    def break_down(*_: object) -> None:
        raise SystemError("broken inside")

    monkeypatch.setattr(worker, "_finish_batch", break_down)
    monkeypatch.setattr(worker, "_paint", lambda batch: None)
    with pytest.raises(PainterFileError, match="has ended"):
        worker.paint(job(painter, 1))
    assert died.wait(10)
    with pytest.raises(PainterFileError, match="has ended"):
        worker.paint(job(painter, 1))
    worker._thread.join(10)
    assert not worker.alive and not worker.healthy


def test_a_worker_that_hangs_is_not_alive(worker: BatchingWorker, held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("painting.serving.engine.batcher.HUNG_SECONDS", 0.0)
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(worker.paint, job(worker.painter, 0))
        assert held.entered.acquire(timeout=10)
        assert not worker.alive
        held.let_go.set()
        asked.result(10)


def test_rows_of_a_job_are_taken_in_order_and_given_back_as_one() -> None:
    rows = np.arange(5, dtype=np.float32)[:, None]
    waiting = Job(rows, None, time.monotonic() + 60, CLIENT)
    assert (waiting.take(3), waiting.all_taken) == (slice(0, 3), False)
    assert (waiting.take(3), waiting.all_taken) == (slice(3, 5), True)
    for count in (3, 2):
        waiting.give(np.full((count, 2, 2, 3), count, np.uint8))
    assert waiting.result()[:, 0, 0, 0].tolist() == [3, 3, 3, 2, 2]


def test_a_deadline_counts_only_until_a_job_is_begun() -> None:
    begun, late = (Job(np.zeros((2, 1), np.float32), None, 0.0, CLIENT) for _ in range(2))
    begun.take(1)
    assert begun.is_pending() and not late.is_pending()
    with pytest.raises(ServerBusy, match="the deadline passed before painting began"):
        late.result()
