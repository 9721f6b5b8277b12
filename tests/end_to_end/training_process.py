"""Trainings in processes of their own, forked from one that has loaded torch already: they are up in no time."""

import multiprocessing
import os
import sys
import time
from collections.abc import Sequence
from functools import cache
from multiprocessing.context import ForkServerContext
from pathlib import Path

from painting.cli import run

LOADED = ["matplotlib.figure", "painting.training.run.progress", "painting.training.loop", "painting.training.setup"]
LOADED_LATE = ["torch._dynamo"]  # the first optimizer loads it


class Training:
    """`painting train` as a process that can be killed."""

    def __init__(self, arguments: Sequence[str], output: Path, cache_folder: Path) -> None:
        """Start it; what it says goes into the file `output`, pictures are prepared in `cache_folder`."""
        self.output = output
        self._process = _server().Process(target=_train, args=(arguments, output, cache_folder), daemon=True)
        self._process.start()

    def ended(self) -> bool:
        return self._process.exitcode is not None

    def finish(self) -> int:
        """Wait for its end; its exit code."""
        self._process.join()
        assert self._process.exitcode is not None
        return self._process.exitcode

    def kill(self, after: float) -> bool:
        """Kill it after some seconds, without a warning; False where it had ended by itself."""
        time.sleep(after)
        running = not self.ended()
        self._process.kill()
        self._process.join()
        return running

    def wait_until_opened(self) -> None:
        """Until it says what it trains: its pictures and networks are there, its checkpoint is not read yet."""
        while not self.ended() and not (self.output.exists() and "Training " in self.output.read_text()):
            time.sleep(0.005)

    def wait_for_file(self, path: Path) -> None:
        while not self.ended() and not path.exists():
            time.sleep(0.005)


@cache
def _server() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*LOADED, *LOADED_LATE])
    return context


def _train(arguments: Sequence[str], output: Path, cache_folder: Path) -> None:
    os.environ["PAINTING_CACHE"] = str(cache_folder)
    descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(descriptor, stream)
    sys.exit(run(["train", *arguments]))
