"""Signal handling: SIGINT (Ctrl-C) and SIGTERM stop training after the current step, and a trial before it at once."""

import signal
from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Thread
from types import FrameType
from typing import TypeVar

from painting.progress import TaskProgressCallback

ResultT = TypeVar("ResultT")
REPORT_SECONDS = 0.5
"""Between two reports of work in a thread, also while it has nothing new to say."""


class Interrupt:
    """A context in which the first signal sets `requested`, and a second one raises KeyboardInterrupt at once."""

    def __init__(self) -> None:
        self.requested = False

    def __enter__(self) -> "Interrupt":
        self._handlers = {number: signal.signal(number, self._handle) for number in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if self.requested:
            raise KeyboardInterrupt
        self.requested = True


class Abandoned(Exception):
    """Nothing waits for this work any more."""


def abandonable(work: Callable[[TaskProgressCallback], ResultT], report: TaskProgressCallback) -> ResultT:
    """The result of `work(report)`, run in a thread of its own, for which Ctrl-C ends the wait at once.

    Python handles a signal only between two operations of PyTorch, of which one may take a minute. Abandoned work ends
    when it reports next.
    """
    latest: list[tuple[str, int, int]] = []
    is_abandoned = False

    def relay(task: str, done: int, total: int) -> None:
        if is_abandoned:
            raise Abandoned
        latest[:] = [(task, done, total)]

    future = _in_thread(lambda: work(relay))
    try:
        while not wait([future], REPORT_SECONDS).done:
            for news in tuple(latest):
                report(*news)
    except BaseException:
        is_abandoned = True
        raise
    return future.result()


def _in_thread(work: Callable[[], ResultT]) -> "Future[ResultT]":
    """The future result of a function that runs in a thread, which ends with the process."""
    future: Future[ResultT] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    return future
