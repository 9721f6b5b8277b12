"""`PaintOptions`, `PaintRequest` and `Paintings`: a paint request on its way from the caller to pictures.

N counts pictures, H and W are their sides in px, C is 3 for RGB and 4 for RGBA, Z is the latent size, E the width
of a text vector.
"""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import overload

import numpy as np
from PIL import Image

from painting.images import FloatArray, UInt8Array, encode_png, to_pil
from painting.latents import check_seed, latents_of, picture_seeds, random_seed
from painting.paint.interpolation import latents_between
from painting.paint.prompt_reading import PromptReading
from painting.paint.validation import check_strength, check_subseed_strength, check_truncation


@dataclass(frozen=True)
class Variation:
    """Pictures near a seed's own one: their latents lie on the way from its latent to those of other seeds.

    `strength`: the fraction of the way, from 0, which is the seed's own picture, to 1, which is the other's. `subseed`:
    the seed of the first other picture; picture i's is `subseed + i`. None: random, and stated by the result.
    """

    strength: float
    subseed: int | None = None

    def checked(self) -> "Variation | None":
        """The variation with its subseed drawn if there was none; None at strength 0. Raises InvalidRequest."""
        strength = check_subseed_strength(self.strength)
        subseed = random_seed() if self.subseed is None else check_seed(self.subseed, "subseed")
        return Variation(strength, subseed) if strength else None


@dataclass(frozen=True)
class PaintOptions:
    """How to paint a prompt; the defaults change nothing.

    `truncation`: scale of the latents, 0.1 … 1; below 1, pictures are more typical and more alike. `strength`: scale of
    the text vector, 0 … 1.5: how closely the prompt is followed, by painters trained for it. `variation`: how near
    pictures are to the seed's own.
    """

    truncation: float = 1.0
    strength: float = 1.0
    variation: Variation | None = None

    @property
    def subseed_strength(self) -> float:
        """The variation's strength; 0 without one."""
        return self.variation.strength if self.variation else 0.0

    def checked(self) -> "PaintOptions":
        """The options with every range checked and a missing subseed drawn; raises InvalidRequest."""
        truncation = check_truncation(self.truncation)
        strength = check_strength(self.strength)
        return PaintOptions(truncation, strength, self.variation.checked() if self.variation else None)


DEFAULT_OPTIONS = PaintOptions()


@dataclass(frozen=True)
class PaintRequest:
    """A checked paint request, as `Painter.request` makes it.

    `prompt`: normalised; None for an unconditional painter. `seeds`: one a picture, all the same with a variation.
    `painter`: the painter's name. `truncated`: whether the prompt is longer than the text encoder reads. `reading`: how
    the painter reads the prompt, which follows from it.
    """

    prompt: str | None
    seeds: tuple[int, ...]
    painter: str
    truncated: bool = False
    options: PaintOptions = DEFAULT_OPTIONS
    reading: PromptReading | None = field(default=None, compare=False)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is not read as it was written, and whether the prompt is far from what the painter knows."""
        return self.reading.notes if self.reading else ()

    @property
    def subseeds(self) -> tuple[int, ...]:
        """The other pictures' seeds, one a picture; empty without a variation."""
        variation = self.options.variation
        if variation is None or variation.subseed is None:
            return ()
        return tuple(picture_seeds(variation.subseed, len(self.seeds)))

    def single(self, index: int) -> "PaintRequest":
        """The request for one of its pictures alone."""
        options = self.options
        if options.variation:
            options = replace(options, variation=replace(options.variation, subseed=self.subseeds[index]))
        return replace(self, seeds=(self.seeds[index],), options=options)

    def text_vector(self, vector_of: Callable[[str], FloatArray]) -> FloatArray | None:
        """The prompt's text vector (E,) by `vector_of`, scaled by the strength; None without a prompt."""
        return None if self.prompt is None else vector_of(self.prompt) * np.float32(self.options.strength)

    def latents(self, size: int) -> FloatArray:
        """The latents of the pictures: float32 (N, size)."""
        own = latents_of(self.seeds, size, self.options.truncation)
        if not self.subseeds:
            return own
        others = latents_of(self.subseeds, size, self.options.truncation)
        return latents_near(own, others, self.options.subseed_strength)

    def painted(self, arrays: UInt8Array) -> "Paintings":
        """The request together with its pictures, uint8 (N, H, W, C)."""
        return Paintings(arrays, self)

    def info(self, index: int) -> dict[str, object]:
        """The origin of a picture, for its `.info`; options that change nothing, as a truncation of 1, are left out."""
        origin: dict[str, object] = {"prompt": self.prompt, "seed": self.seeds[index], "painter": self.painter}
        if self.options.truncation != 1:
            origin["truncation"] = self.options.truncation
        if self.options.strength != 1:
            origin["strength"] = self.options.strength
        if self.subseeds:
            origin["subseed"] = self.subseeds[index]
            origin["subseed_strength"] = self.options.subseed_strength
        return origin

    def text(self, index: int) -> dict[str, str]:
        """The origin of a picture, for the text chunks of its file."""
        return {key: str(value) for key, value in self.info(index).items() if value is not None}


class Pictures(Sequence[Image.Image]):
    """Pictures, uint8 (N, H, W, C), as PIL images of mode RGB or RGBA whose `.info` states their origin."""

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
        """The origin of a picture, for its `.info`."""

    def _image(self, index: int) -> Image.Image:
        image = to_pil(self.arrays[index])
        image.info.update(self.info(index))
        return image


class Paintings(Pictures):
    """The pictures of one request as PIL images whose `.info` states prompt, seed and painter.

    `prompt`: normalised (None: unconditional). `seeds`: one a picture; with one of them and a count of 1, that picture
    is painted again. `arrays`: uint8 (N, H, W, C). `painter`: the painter's name. `truncated`: whether the prompt was
    longer than the text encoder reads. `notes`: what else is not read as it was written. `truncation`, `strength`: the
    scales of the latents and of the text vector. `subseeds`, `subseed_strength`: of a variation, the other seeds and
    the fraction of the way to them; then all pictures have one seed, and a picture's subseed is needed to paint it
    again.
    """

    def __init__(self, arrays: UInt8Array, request: PaintRequest) -> None:
        self.request = request
        self.prompt = request.prompt
        self.seeds = request.seeds
        self.painter = request.painter
        self.truncated = request.truncated
        self.notes = request.notes
        self.truncation = request.options.truncation
        self.strength = request.options.strength
        self.subseeds = request.subseeds
        self.subseed_strength = request.options.subseed_strength
        super().__init__(arrays)

    def __repr__(self) -> str:
        return f"<{len(self)} paintings of {self.prompt!r} by {self.painter}, seeds {list(self.seeds)}>"

    def info(self, index: int) -> dict[str, object]:
        """The origin of a picture, for its `.info`."""
        return self.request.info(index)

    def text(self, index: int) -> dict[str, str]:
        """The origin of a picture, for the text chunks of its PNG."""
        return self.request.text(index)

    def png(self, index: int) -> bytes:
        """One picture as PNG bytes whose text chunks state prompt, seed and painter."""
        return encode_png(self.arrays[index], self.text(index))


def latents_near(own: FloatArray, others: FloatArray, strength: float) -> FloatArray:
    """Latents (N, Z) at a fraction of the way from `own` to `others` (N, Z), row by row, each on its great circle."""
    position = np.array([strength], np.float64)
    rows = [latents_between(one, other, position) for one, other in zip(own, others, strict=True)]
    return np.concatenate(rows)
