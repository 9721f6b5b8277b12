"""Standard output and error for any text and any reader: no encoding and no closed pipe ends a command."""

import errno
import io
import sys
from typing import Any

CLOSED_PIPE_ERRORS = {errno.EPIPE, errno.EINVAL}  # EINVAL: on Windows


def prepare_streams() -> None:
    """Escape characters that the console's encoding lacks, and drop what is written to a pipe after its reader exits.

    So `painting paint … | head -1` paints all pictures. Streams that are closed or no files are left alone.
    """
    sys.stdout = _tolerant(sys.stdout)
    sys.stderr = _tolerant(sys.stderr)


class PipeWriter(io.RawIOBase):
    """A raw stream that drops what is written to it once its reader has closed the pipe."""

    def __init__(self, raw: io.RawIOBase) -> None:
        self._raw = raw

    def write(self, content: bytes, /) -> int | None:  # type: ignore[override]
        """Write bytes; the number that were written or dropped."""
        try:
            return self._raw.write(content)
        except OSError as problem:
            if problem.errno not in CLOSED_PIPE_ERRORS:
                raise
            return len(content)

    def writable(self) -> bool:
        """True."""
        return True

    def isatty(self) -> bool:
        """Whether the stream is a terminal."""
        return self._raw.isatty()

    def fileno(self) -> int:
        """The stream's file descriptor."""
        return self._raw.fileno()


def _tolerant(stream: Any) -> Any:
    """A text stream that never fails for its encoding or its reader, in place of one onto a file or a terminal."""
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    stream.flush()
    buffered = hasattr(stream.buffer, "raw")  # it is not where PYTHONUNBUFFERED is set
    writer = PipeWriter(stream.buffer.raw if buffered else stream.buffer)
    return io.TextIOWrapper(
        io.BufferedWriter(writer) if buffered else writer,
        stream.encoding,
        "backslashreplace",
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )
