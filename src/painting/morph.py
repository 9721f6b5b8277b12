"""What is asked of a morph, and its frames together with what they were painted from."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from painting.errors import InvalidRequest
from painting.images import Playing, UInt8Array, encode_gif, encode_png, encode_webp, grid
from painting.paint_request import PaintRequest, Pictures
from painting.validation import MOST_STEPS, check_whole

MS_A_FRAME = 50
FASTEST_MS, SLOWEST_MS = 20, 5000  # browsers show frames below 20 ms for 100 ms
COLUMNS = 12


class Loop(StrEnum):
    """How an animation goes on when it has reached the other end."""

    THERE_AND_BACK = "there-and-back"
    OVER = "over"
    ONCE = "once"


def check_loop(loop: object) -> Loop:
    """Return the loop of that name; raises InvalidRequest that lists the names."""
    if loop not in list(Loop):
        raise InvalidRequest(f"the loop must be one of {', '.join(Loop)}, not {repr(loop)[:40]}")
    return Loop(str(loop))


@dataclass(frozen=True)
class MorphRequest:
    """A morph that `Painter.morph_request` has checked: the way between two requests of one picture each."""

    start: PaintRequest
    end: PaintRequest

    @property
    def painter(self) -> str:
        """The painter's name."""
        return self.start.painter

    @property
    def prompts(self) -> tuple[str, str] | None:
        """Both ends' prompts as they were read, equal or not; None for an unconditional painter."""
        if self.start.prompt is None or self.end.prompt is None:
            return None
        return self.start.prompt, self.end.prompt

    @property
    def seeds(self) -> tuple[int, int]:
        """Both ends' seeds, equal or not."""
        return self.start.seeds[0], self.end.seeds[0]

    @property
    def subseeds(self) -> tuple[int | None, int | None]:
        """Both ends' subseeds; None for an end that is its seed's own picture."""
        start, end = ((each.subseeds or (None,))[0] for each in (self.start, self.end))
        return start, end

    @property
    def truncated(self) -> bool:
        """Whether a prompt was longer than the text encoder reads."""
        return self.start.truncated or self.end.truncated


class Morph(Pictures):
    """The frames of a morph as PIL images, whose `.info` tells prompts, seeds, painter and position.

    `request`: both ends. `positions`: one for each frame, from 0 to 1; they rise so that frames change at an even pace.
    `arrays`: uint8 (N, H, W, 3); the first and the last are what `Painter.paint` paints of the ends.
    """

    def __init__(self, arrays: UInt8Array, request: MorphRequest, positions: Sequence[float]) -> None:
        self.request = request
        self.positions = tuple(positions)
        super().__init__(arrays)

    def __repr__(self) -> str:
        start, end = (f"{end.prompt!r}, seed {end.seeds[0]}" for end in (self.request.start, self.request.end))
        return f"<morph of {len(self)} frames by {self.request.painter} from {start} to {end}>"

    def webp(
        self, ms_a_frame: int = MS_A_FRAME, loop: Loop | str = Loop.THERE_AND_BACK, lossless: bool = False
    ) -> bytes:
        """An animated WebP, each frame shown for 20 … 5000 ms; raises InvalidRequest.

        Its EXIF says what it was painted from. `lossless` keeps every pixel, in up to eight times the bytes.
        """
        return encode_webp(self.arrays, self._playing(ms_a_frame, loop), self.text(), lossless)

    def gif(self, ms_a_frame: int = MS_A_FRAME, loop: Loop | str = Loop.THERE_AND_BACK) -> bytes:
        """An animated GIF, each frame shown for 20 … 5000 ms, rounded to 10; raises InvalidRequest.

        Its comment says what it was painted from.
        """
        return encode_gif(self.arrays, self._playing(ms_a_frame, loop), self.text())

    def strip(self, columns: int = COLUMNS) -> bytes:
        """All frames side by side as a PNG, `columns` (1 … 240) in a row at most; raises InvalidRequest.

        Its text chunks say what it was painted from.
        """
        most = check_whole(columns, "number of columns", 1, MOST_STEPS)
        return encode_png(grid(self.arrays, min(most, len(self))), self.text())

    def text(self) -> dict[str, str]:
        """What a file of the whole morph says about itself."""
        told = {**self._ends(), "steps": len(self)}
        return {key: str(value) for key, value in told.items() if value is not None}

    def info(self, index: int) -> dict[str, object]:
        """What a frame's image says about itself."""
        return {**self._ends(), "position": self.positions[index]}

    def _ends(self) -> dict[str, object]:
        start, end = self.request.start.info(0), self.request.end.info(0)
        told: dict[str, object] = {}
        for key in ("prompt", "seed", "subseed", "subseed_strength"):
            told |= {key: start[key]} if key in start else {}
            told |= {f"to_{key}": end[key]} if key in end else {}
        # Painter and truncation are those of both.
        return told | {key: value for key, value in start.items() if key not in told}

    def _playing(self, ms_a_frame: int, loop: Loop | str) -> Playing:
        loop = check_loop(loop)
        ms = check_whole(ms_a_frame, "time of a frame in ms", FASTEST_MS, SLOWEST_MS)
        there = range(len(self))
        # On the way back, neither end is shown again: shown twice, it would be a pause.
        back = there[-2:0:-1] if loop is Loop.THERE_AND_BACK else ()
        return Playing((*there, *back), ms, forever=loop is not Loop.ONCE)
