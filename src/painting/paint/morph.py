"""`MorphRequest` and `Morph`: a checked way from one picture to another, and its frames as files."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from painting.errors import InvalidRequest
from painting.images import Playback, UInt8Array, encode_gif, encode_png, encode_webp, grid
from painting.paint.paint_request import PaintRequest, Pictures
from painting.paint.validation import MAX_MORPH_STEPS, check_whole

DEFAULT_FRAME_MS = 50
MIN_FRAME_MS = 20  # browsers show shorter frames for 100 ms
MAX_FRAME_MS = 5000
STRIP_COLUMNS = 12  # frames in a row of a strip


class Loop(StrEnum):
    """What an animation does after its last frame: play backwards, start over, or stop."""

    THERE_AND_BACK = "there-and-back"
    OVER = "over"
    ONCE = "once"


def check_loop(loop: object) -> Loop:
    """Return the loop of that name; raises InvalidRequest, which lists the names."""
    if loop not in list(Loop):
        raise InvalidRequest(f"the loop must be one of {', '.join(Loop)}, not {repr(loop)[:40]}")
    return Loop(str(loop))


@dataclass(frozen=True)
class MorphRequest:
    """A checked morph, as `Painter.morph_request` makes it: the paint requests of its two ends, one picture each."""

    start: PaintRequest
    end: PaintRequest

    @property
    def painter(self) -> str:
        """The painter's name."""
        return self.start.painter

    @property
    def prompts(self) -> tuple[str, str] | None:
        """Both ends' normalised prompts, equal or not; None for an unconditional painter."""
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
        start = self.start.subseeds[0] if self.start.subseeds else None
        end = self.end.subseeds[0] if self.end.subseeds else None
        return start, end

    @property
    def truncated(self) -> bool:
        """Whether a prompt was longer than the text encoder reads."""
        return self.start.truncated or self.end.truncated

    @property
    def notes(self) -> tuple[str, ...]:
        """What of either prompt is not read as it was written, each sentence once."""
        return tuple(dict.fromkeys((*self.start.notes, *self.end.notes)))


class Morph(Pictures):
    """The frames of a morph as PIL images whose `.info` states prompts, seeds, painter and position.

    `request`: both ends. `positions`: one a frame, from 0 to 1, spaced so that frames change at an even pace.
    `arrays`: uint8 (N, H, W, C); the first and the last are what `Painter.paint` paints of the ends.
    """

    def __init__(self, arrays: UInt8Array, request: MorphRequest, positions: Sequence[float]) -> None:
        self.request = request
        self.positions = tuple(positions)
        super().__init__(arrays)

    def __repr__(self) -> str:
        start, end = (f"{end.prompt!r}, seed {end.seeds[0]}" for end in (self.request.start, self.request.end))
        return f"<morph of {len(self)} frames by {self.request.painter} from {start} to {end}>"

    def webp(
        self, ms_a_frame: int = DEFAULT_FRAME_MS, loop: Loop | str = Loop.THERE_AND_BACK, lossless: bool = False
    ) -> bytes:
        """An animated WebP, each frame shown for 20 … 5000 ms; raises InvalidRequest.

        Its EXIF states its origin. `lossless` keeps every visible pixel, in up to eight times the bytes.
        """
        return encode_webp(self.arrays, self._playing(ms_a_frame, loop), self.text(), lossless)

    def gif(self, ms_a_frame: int = DEFAULT_FRAME_MS, loop: Loop | str = Loop.THERE_AND_BACK) -> bytes:
        """An animated GIF, each frame shown for 20 … 5000 ms, rounded to 10; raises InvalidRequest.

        Its comment states its origin.
        """
        return encode_gif(self.arrays, self._playing(ms_a_frame, loop), self.text())

    def strip(self, columns: int = STRIP_COLUMNS) -> bytes:
        """All frames side by side as a PNG, `columns` (1 … 240) in a row at most; raises InvalidRequest.

        Its text chunks state its origin.
        """
        most = check_whole(columns, "number of columns", 1, MAX_MORPH_STEPS)
        return encode_png(grid(self.arrays, min(most, len(self))), self.text())

    def text(self) -> dict[str, str]:
        """The origin of the whole morph, for the metadata of its file."""
        origin = {**self._ends(), "steps": len(self)}
        return {key: str(value) for key, value in origin.items() if value is not None}

    def info(self, index: int) -> dict[str, object]:
        """The origin of a frame, for its `.info`."""
        return {**self._ends(), "position": self.positions[index]}

    def _ends(self) -> dict[str, object]:
        start = self.request.start.info(0)
        end = self.request.end.info(0)
        origin: dict[str, object] = {}
        for key in ("prompt", "seed", "subseed", "subseed_strength"):
            if key in start:
                origin[key] = start[key]
            if key in end:
                origin[f"to_{key}"] = end[key]
        # The others (painter, truncation, strength) are those of both ends.
        return origin | {key: value for key, value in start.items() if key not in origin}

    def _playing(self, ms_a_frame: int, loop: Loop | str) -> Playback:
        loop = check_loop(loop)
        ms = check_whole(ms_a_frame, "time of a frame in ms", MIN_FRAME_MS, MAX_FRAME_MS)
        forwards = range(len(self))
        # On the way back, neither end is repeated: shown twice, it would be a pause.
        backwards = forwards[-2:0:-1] if loop is Loop.THERE_AND_BACK else ()
        return Playback((*forwards, *backwards), ms, loops=loop is not Loop.ONCE)
