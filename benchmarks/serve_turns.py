"""One round of benchmarks.serve: the painter alone in a plain loop, then each server under each load."""

import base64
import json
import time
from dataclasses import dataclass

from benchmarks.load import Load, Plan, run
from benchmarks.servers import Server

from painting.paint.painter import Painter

PICTURES_PER_REQUEST = 5
ALONE_SECONDS = 4.0
WARM_UP = 3
OUR_PLANS = {
    "1": Plan(1, PICTURES_PER_REQUEST, ramp_seconds=0.5, seconds=4),
    "8": Plan(8, PICTURES_PER_REQUEST, ramp_seconds=1.5, seconds=5),
    "64": Plan(64, PICTURES_PER_REQUEST, ramp_seconds=6, seconds=8),
    "64, one picture each": Plan(64, 1, ramp_seconds=3, seconds=5),
}
THESIS_PLANS = {
    "1": Plan(1, PICTURES_PER_REQUEST, ramp_seconds=1, seconds=5),
    "8": Plan(8, PICTURES_PER_REQUEST, ramp_seconds=4, seconds=10),
}


@dataclass(frozen=True)
class Alone:
    """The painter without a server: seconds of `Painter.paint`, and with PNG and base64, for five pictures each."""

    paint: list[float]
    encoded: list[float]

    @property
    def pictures_per_second(self) -> float:
        """Throughput of the plain loop, with encoding."""
        return PICTURES_PER_REQUEST * len(self.encoded) / sum(self.encoded)


@dataclass(frozen=True)
class Turn:
    """Results of one round: the painter alone, and each server under each load."""

    alone: Alone
    ours: dict[str, Load]
    theirs: dict[str, Load]


def time_painter(painter: Painter, seconds: float, number: int) -> Alone:
    """Paint and encode in a plain loop, with a prompt and a seed of its own each time, as the clients' requests."""
    alone = Alone([], [])
    ended = time.monotonic() + seconds
    while time.monotonic() < ended or len(alone.paint) < WARM_UP:
        prompt = f"{Plan.prompt} {number}" if painter.conditional else None
        begun = time.perf_counter()
        paintings = painter.paint(prompt, PICTURES_PER_REQUEST, number)
        painted = time.perf_counter()
        json.dumps([base64.b64encode(paintings.png(index)).decode("ascii") for index in range(PICTURES_PER_REQUEST)])
        alone.paint.append(painted - begun)
        alone.encoded.append(time.perf_counter() - begun)
        number += 1
    return alone


def run_round(painter: Painter, ours: Server, theirs: Server | None, number: int) -> Turn:
    """Run one round of everything but the steady load."""
    alone = time_painter(painter, ALONE_SECONDS, 1000 * number)
    asked = {name: run(ours.address, plan) for name, plan in OUR_PLANS.items()}
    beside = {name: run(theirs.address, plan) for name, plan in THESIS_PLANS.items()} if theirs else {}
    return Turn(alone, asked, beside)
