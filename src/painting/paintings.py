"""What is asked of a painter, and painted pictures together with what they were painted from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

from PIL import Image

from painting.images import UInt8Array, encode_png, to_pil


class Paintings(Sequence[Image.Image]):
    """The pictures of one request as PIL images, whose `.info` tells prompt, seed and painter.

    `prompt`: as it was read (None: unconditional). `seeds`: one for each picture; asked for alone, with a count of
    1, it gives that picture again. `arrays`: uint8 (N, H, W, 3). `painter`: the painter's name. `truncated`:
    whether the prompt was longer than the text encoder reads.
    """

    def __init__(
        self, arrays: UInt8Array, prompt: str | None, seeds: Sequence[int], painter: str, truncated: bool = False
    ) -> None:
        self.arrays = arrays
        self.prompt = prompt
        self.seeds = tuple(seeds)
        self.painter = painter
        self.truncated = truncated
        self._images = [self._image(index) for index in range(len(arrays))]

    @overload
    def __getitem__(self, index: int) -> Image.Image: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Image.Image]: ...
    def __getitem__(self, index: int | slice) -> Image.Image | Sequence[Image.Image]:
        return self._images[index]

    def __len__(self) -> int:
        return len(self._images)

    def __repr__(self) -> str:
        return f"<{len(self)} paintings of {self.prompt!r} by {self.painter}, seeds {list(self.seeds)}>"

    def text(self, index: int) -> dict[str, str]:
        """What a picture's PNG says in its text chunks."""
        prompt = {} if self.prompt is None else {"prompt": self.prompt}
        return {**prompt, "seed": str(self.seeds[index]), "painter": self.painter}

    def png(self, index: int) -> bytes:
        """One picture as PNG bytes that say prompt, seed and painter in their text chunks."""
        return encode_png(self.arrays[index], self.text(index))

    def _image(self, index: int) -> Image.Image:
        image = to_pil(self.arrays[index])
        image.info.update({"prompt": self.prompt, "seed": self.seeds[index], "painter": self.painter})
        return image


@dataclass(frozen=True)
class PaintRequest:
    """A request that `Painter.request` has checked; its fields are those of the `Paintings` that it becomes."""

    prompt: str | None
    seeds: tuple[int, ...]
    painter: str
    truncated: bool

    @property
    def prompts(self) -> list[str]:
        """A prompt for each seed, as `Painter.paint_arrays` takes them; none for an unconditional painter."""
        return [] if self.prompt is None else [self.prompt] * len(self.seeds)

    def painted(self, arrays: UInt8Array) -> Paintings:
        """The request and its pictures, uint8 (N, H, W, 3), together."""
        return Paintings(arrays, self.prompt, self.seeds, self.painter, self.truncated)
