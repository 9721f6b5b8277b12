"""What is asked of a painter, and painted pictures together with what they were painted from."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import overload

import numpy as np
from PIL import Image

from painting.images import FloatArray, UInt8Array, encode_png, to_pil
from painting.latents import latents_of
from painting.variations import latents_near


class Pictures(Sequence[Image.Image]):
    """Pictures, uint8 (N, H, W, 3), as PIL images, whose `.info` tells what they were painted from."""

    def __init__(self, arrays: UInt8Array) -> None:
        self.arrays = arrays
        self._images = [self._image(index) for index in range(len(arrays))]

    @overload
    def __getitem__(self, index: int) -> Image.Image: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Image.Image]: ...
    def __getitem__(self, index: int | slice) -> Image.Image | Sequence[Image.Image]:
        return self._images[index]

    def __len__(self) -> int:
        return len(self._images)

    @abstractmethod
    def info(self, index: int) -> dict[str, object]:
        """What a picture's image says about itself."""

    def _image(self, index: int) -> Image.Image:
        image = to_pil(self.arrays[index])
        image.info.update(self.info(index))
        return image


class Paintings(Pictures):
    """The pictures of one request as PIL images, whose `.info` tells prompt, seed and painter.

    `prompt`: as it was read (None: unconditional). `seeds`: one for each picture; asked for alone, with a count of
    1, it gives that picture again. `arrays`: uint8 (N, H, W, 3). `painter`: the painter's name. `truncated`:
    whether the prompt was longer than the text encoder reads. `truncation`, `strength`: what the latents and the text
    vector were multiplied by.
    `subseeds`, `subseed_strength`: of pictures near a seed's, the other seeds and the part of the way to them; then
    all have one seed, and a picture's subseed is needed to paint it again.
    """

    def __init__(self, arrays: UInt8Array, request: "PaintRequest") -> None:
        self.request = request
        self.prompt = request.prompt
        self.seeds = request.seeds
        self.painter = request.painter
        self.truncated = request.truncated
        self.truncation = request.truncation
        self.strength = request.strength
        self.subseeds = request.subseeds
        self.subseed_strength = request.subseed_strength
        super().__init__(arrays)

    def __repr__(self) -> str:
        return f"<{len(self)} paintings of {self.prompt!r} by {self.painter}, seeds {list(self.seeds)}>"

    def info(self, index: int) -> dict[str, object]:
        """What a picture's image says about itself."""
        return self.request.info(index)

    def text(self, index: int) -> dict[str, str]:
        """What a picture's PNG says in its text chunks."""
        return self.request.text(index)

    def png(self, index: int) -> bytes:
        """One picture as PNG bytes that say prompt, seed and painter in their text chunks."""
        return encode_png(self.arrays[index], self.text(index))


@dataclass(frozen=True)
class PaintRequest:
    """A request that `Painter.request` has checked; its fields are those of the `Paintings` that it becomes."""

    prompt: str | None
    seeds: tuple[int, ...]
    painter: str
    truncated: bool = False
    truncation: float = 1.0
    strength: float = 1.0
    subseeds: tuple[int, ...] = ()
    subseed_strength: float = 0.0

    def text_vector(self, vector_of: Callable[[str], FloatArray]) -> FloatArray | None:
        """What the prompt says (E,), as strongly as it is meant; None without a prompt."""
        return None if self.prompt is None else vector_of(self.prompt) * np.float32(self.strength)

    def latents(self, size: int) -> FloatArray:
        """What the pictures are painted from: float32 (N, size)."""
        own = latents_of(self.seeds, size, self.truncation)
        if not self.subseeds:
            return own
        return latents_near(own, latents_of(self.subseeds, size, self.truncation), self.subseed_strength)

    def only(self, indices: Sequence[int]) -> "PaintRequest":
        """The same request for some of its pictures."""
        seeds, subseeds = (
            tuple(each[index] for index in indices) if each else () for each in (self.seeds, self.subseeds)
        )
        return replace(self, seeds=seeds, subseeds=subseeds)

    def painted(self, arrays: UInt8Array) -> Paintings:
        """The request and its pictures, uint8 (N, H, W, 3), together."""
        return Paintings(arrays, self)

    def info(self, index: int) -> dict[str, object]:
        """What a picture's image says about itself; what changes nothing, as a truncation of 1, is not told."""
        told: dict[str, object] = {"prompt": self.prompt, "seed": self.seeds[index], "painter": self.painter}
        if self.truncation != 1:
            told["truncation"] = self.truncation
        if self.strength != 1:
            told["strength"] = self.strength
        if self.subseeds:
            told |= {"subseed": self.subseeds[index], "subseed_strength": self.subseed_strength}
        return told

    def text(self, index: int) -> dict[str, str]:
        """What a picture's file says about itself."""
        return {key: str(value) for key, value in self.info(index).items() if value is not None}
