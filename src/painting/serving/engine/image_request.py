"""`ImageRequest` and `ImageFile`, `AnimationRequest` and `AnimationFile`: what a client sends and what it gets."""

from dataclasses import dataclass

from painting.images import UInt8Array
from painting.paint.morph import DEFAULT_FRAME_MS, Loop, MorphRequest
from painting.paint.paint_request import DEFAULT_OPTIONS, PaintOptions, PaintRequest, Variation
from painting.serving.engine.encoding import DEFAULT_BACKGROUND, Fitting, PictureFormat
from painting.serving.engine.infotext import infotext

DEFAULT_STEPS = 60  # frames of a morph
ANIMATION_KINDS = ("webp", "gif")
FILE_KEYS = frozenset(  # of a file's text: what `encode_file` may write
    "prompt seed painter truncation strength subseed subseed_strength size fit background parameters".split()
)
DEFAULT_FORMAT = PictureFormat()


@dataclass(frozen=True)
class ImageRequest:
    """Pictures as a client requests them; `PaintService.answer` checks the values.

    `painter`: its name; None: the default one. `seed`: of the first picture; None: random.
    """

    prompt: str | None
    painter: str | None = None
    count: int = 1
    seed: int | None = None
    options: PaintOptions = DEFAULT_OPTIONS
    format: PictureFormat = DEFAULT_FORMAT


@dataclass(frozen=True)
class AnimationRequest:
    """A morph as a client requests it; `PaintService.answer_morph` checks the values.

    What is None of the second end (`to_…`) is as in the first; `options` holds the first end's variation.
    """

    prompt: str | None = None
    to_prompt: str | None = None
    painter: str | None = None
    seed: int | None = None
    to_seed: int | None = None
    options: PaintOptions = DEFAULT_OPTIONS
    to_variation: Variation | None = None
    steps: int = DEFAULT_STEPS
    ms_a_frame: int = DEFAULT_FRAME_MS
    loop: str = Loop.THERE_AND_BACK
    lossless: bool = False
    kind: str = ANIMATION_KINDS[0]


@dataclass(frozen=True)
class ImageFile:
    """One picture as a file.

    `request`: the checked request for this picture alone, which paints it again. `fitting`: its size.
    """

    content: bytes
    request: PaintRequest
    format: PictureFormat
    fitting: Fitting

    @property
    def seed(self) -> int:
        """The picture's seed."""
        return self.request.seeds[0]

    @property
    def subseed(self) -> int | None:
        """The picture's subseed; None without a variation."""
        return self.request.subseeds[0] if self.request.subseeds else None

    @property
    def origin(self) -> dict[str, str]:
        """What paints its picture again."""
        return _origin(self.request, self.format, self.fitting)


@dataclass(frozen=True)
class AnimationFile:
    """A morph as an animated file, and the checked request of its ends."""

    content: bytes
    request: MorphRequest


def encode_file(request: PaintRequest, picture: UInt8Array, format: PictureFormat) -> bytes:
    """Encode the picture (H, W, C) of a request for one picture; its metadata states its origin.

    The origin is written twice: in our own keys, and in `parameters` for programs that read AUTOMATIC1111's.
    """
    height, width, _ = picture.shape
    fitting = format.fitting((width, height))
    parameters = infotext(request, fitting)
    return format.encode(picture, {**_origin(request, format, fitting), "parameters": parameters})


def _origin(request: PaintRequest, format: PictureFormat, fitting: Fitting) -> dict[str, str]:
    """What paints a picture again, by the names of the API's parameters; what changes nothing is left out."""
    background = {} if format.background == DEFAULT_BACKGROUND else {"background": format.background}
    return {**request.text(0), **fitting.text(), **background}
