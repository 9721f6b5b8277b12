"""Entry point of the command `painting` and of `python -m painting`."""

import os
import signal
import sys
from types import FrameType

from painting.console import prepare_streams
from painting.errors import INTERRUPTED_EXIT_CODE


def main() -> None:
    """Run the command line; Ctrl-C exits with code 130 and no traceback, also during imports."""
    signal.signal(signal.SIGINT, _exit_interrupted)
    prepare_streams()
    from painting.cli import run  # slow; nothing has begun yet that would need a clean-up

    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.exit(run(sys.argv[1:]))


def _exit_interrupted(number: int, frame: FrameType | None) -> None:
    # At once: an exception would pass through the module that is being imported, which may swallow or report it.
    os._exit(INTERRUPTED_EXIT_CODE)


if __name__ == "__main__":
    main()
