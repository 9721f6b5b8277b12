"""What the benchmarks share: sides that take turns, medians with quartiles, and a clock that knows parts."""

import platform
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from importlib import metadata
from multiprocessing import get_context
from typing import Any, TypeVar

from painting.onnx_session import available_cores

Found = TypeVar("Found")


@dataclass(frozen=True)
class Spread:
    """The middle of some measurements and where the middle half of them lies."""

    median: float
    quarter: float
    three_quarters: float

    def __str__(self) -> str:
        return f"{self.median:7.2f}  ({self.quarter:.2f} … {self.three_quarters:.2f})"


def spread(values: Sequence[float]) -> Spread:
    """Median and quartiles of at least two values."""
    quarter, median, three_quarters = statistics.quantiles(values, n=4, method="inclusive")
    return Spread(median, quarter, three_quarters)


def ratios(theirs: Sequence[float], ours: Sequence[float]) -> Spread:
    """How many times longer theirs took, round by round."""
    return spread([a / b for a, b in zip(theirs, ours, strict=True)])


def take_turns(sides: Sequence[Callable[[int], Found]], rounds: int, warm_up: int) -> list[list[Found]]:
    """What each side found, A B A B …, after some rounds that do not count; a side gets the round's number."""
    found: list[list[Found]] = [[] for _ in sides]
    for number in range(warm_up + rounds):
        for side, kept in zip(sides, found, strict=True):
            one = side(number)
            if number >= warm_up:
                kept.append(one)
    return found


@dataclass(frozen=True)
class Lap:
    """Seconds by the clock on the wall, seconds of all processors, and the former by part."""

    seconds: float
    processor_seconds: float
    parts: dict[str, float]


class Clock:
    """Times parts of a piece of work; a part inside a part counts for itself alone."""

    def __init__(self) -> None:
        self._parts: dict[str, float] = defaultdict(float)
        self._within: list[float] = []

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Count what happens inside as this part."""
        self._within.append(0.0)
        begun = time.perf_counter()
        try:
            yield
        finally:
            took = time.perf_counter() - begun
            self._parts[name] += took - self._within.pop()
            if self._within:
                self._within[-1] += took

    def watch(self, owner: object, method: str, name: str) -> None:
        """Count every call of an object's method as this part."""
        called = getattr(owner, method)

        @wraps(called)
        def timed(*values: Any, **named: Any) -> Any:
            with self.part(name):
                return called(*values, **named)

        setattr(owner, method, timed)

    def lap(self, work: Callable[[], object]) -> Lap:
        """Do a piece of work; what no part took is its rest."""
        self._parts.clear()
        begun, processor_begun = time.perf_counter(), time.process_time()
        work()
        seconds, processor_seconds = time.perf_counter() - begun, time.process_time() - processor_begun
        rest = seconds - sum(self._parts.values())
        return Lap(seconds, processor_seconds, {**self._parts, "rest": rest})


class Apart:
    """A side in a process of its own, as it would be at home: what one does to its process is nothing to the other."""

    def __init__(self, begin: Callable[..., Callable[[int], Any]], *given: Any) -> None:
        """`begin(*given)` makes the side over there."""
        self._process = ProcessPoolExecutor(1, get_context("spawn"), _begin, (begin, given))

    def __enter__(self) -> "Apart":
        return self

    def __exit__(self, *problem: object) -> None:
        self._process.shutdown(cancel_futures=True)

    def __call__(self, number: int) -> Any:
        return self._process.submit(_take_turn, number).result()


_side: list[Callable[[int], Any]] = []
"""Over there: the one side that lives in the process."""


def _begin(begin: Callable[..., Callable[[int], Any]], given: tuple[Any, ...]) -> None:
    _side.append(begin(*given))


def _take_turn(number: int) -> Any:
    return _side[0](number)


def machine(threads: int) -> dict[str, Any]:
    """What the numbers were measured with."""
    versions = {name: metadata.version(name) for name in ("torch", "onnxruntime", "numpy")}
    versions |= {"python": platform.python_version()}
    return {"cores": available_cores(), "threads": threads, "machine": platform.machine(), **versions}
