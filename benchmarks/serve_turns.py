"""One round of benchmarks.serve: the painter alone in a plain loop, then each server under each load."""

import base64
import json
import time
from dataclasses import dataclass

from benchmarks.load import Load, Plan, run
from benchmarks.servers import Server

from painting.painter import Painter

COUNT = 5
ALONE_SECONDS = 4.0
WARM_UP = 3
OURS = {
    "1": Plan(1, COUNT, ramp_seconds=0.5, seconds=4),
    "8": Plan(8, COUNT, ramp_seconds=1.5, seconds=5),
    "64": Plan(64, COUNT, ramp_seconds=6, seconds=8),
    "64, one picture each": Plan(64, 1, ramp_seconds=3, seconds=5),
}
THEIRS = {"1": Plan(1, COUNT, ramp_seconds=1, seconds=5), "8": Plan(8, COUNT, ramp_seconds=4, seconds=10)}


@dataclass(frozen=True)
class Alone:
    """The painter without a server: seconds of `Painter.paint`, and with PNG and base64, for five pictures each."""

    paint: list[float]
    encoded: list[float]

    @property
    def pictures_a_second(self) -> float:
        """Of the plain loop, with encoding."""
        return COUNT * len(self.encoded) / sum(self.encoded)


@dataclass(frozen=True)
class Turn:
    """What one round found: the painter alone, and each server under each load."""

    alone: Alone
    ours: dict[str, Load]
    theirs: dict[str, Load]


def paint_alone(painter: Painter, seconds: float, number: int) -> Alone:
    """Paint and encode in a plain loop; each turn of it has words and seeds of its own, as the clients' requests."""
    alone = Alone([], [])
    ended = time.monotonic() + seconds
    while time.monotonic() < ended or len(alone.paint) < WARM_UP:
        prompt = f"{Plan.prompt} {number}" if painter.conditional else None
        begun = time.perf_counter()
        paintings = painter.paint(prompt, COUNT, number)
        painted = time.perf_counter()
        json.dumps([base64.b64encode(paintings.png(index)).decode("ascii") for index in range(COUNT)])
        alone.paint.append(painted - begun)
        alone.encoded.append(time.perf_counter() - begun)
        number += 1
    return alone


def take_turn(painter: Painter, ours: Server, theirs: Server | None, number: int) -> Turn:
    """One round of everything but the long load."""
    alone = paint_alone(painter, ALONE_SECONDS, 1000 * number)
    asked = {name: run(ours.address, plan) for name, plan in OURS.items()}
    beside = {name: run(theirs.address, plan) for name, plan in THEIRS.items()} if theirs else {}
    return Turn(alone, asked, beside)
