"""`python -m painting` is the command `painting`: this is where both begin."""

import os
import signal
import sys
from types import FrameType

INTERRUPTED = 130


def main() -> None:
    """Run the command; Ctrl-C ends it without a word, also while it is still being imported."""
    signal.signal(signal.SIGINT, _leave)
    from painting.cli import run  # takes a while, in which nothing has begun that would have to be finished

    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.exit(run(sys.argv[1:]))


def _leave(number: int, frame: FrameType | None) -> None:
    # At once: an exception would pass through whatever is being imported, which may swallow it or tell of it.
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    main()
