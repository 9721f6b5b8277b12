"""`Painter`: inference with a painter file, from prompts and seeds to pictures.

N counts pictures, H and W are their sides in px, C is 3 for RGB and 4 for straight RGBA, E is the width of a text
vector, Z the number of latents.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from painting.cleaning import CleanText
from painting.errors import InvalidRequest, PainterFileError
from painting.files import painter_file
from painting.images import ALPHA_CHANNELS, FloatArray, UInt8Array
from painting.latents import check_seed, latents_of, picture_seeds, random_seed
from painting.onnx_session import open_session
from painting.paint.encoder_choice import matching_encoder
from painting.paint.interpolation import check_positions, latents_between, paint_evenly, text_vectors_between
from painting.paint.morph import Morph, MorphRequest
from painting.paint.paint_request import DEFAULT_OPTIONS, Paintings, PaintOptions, PaintRequest, Variation
from painting.paint.prompt_embedding import PromptEmbedding
from painting.paint.prompt_reading import PromptReader, PromptReading
from painting.paint.prompt_warnings import warn_of_painter, warn_of_prompts
from painting.paint.validation import check_count, check_prompt, check_steps
from painting.painters import catalog
from painting.progress import ProgressCallback

if TYPE_CHECKING:
    from painting.text.encoder import TextEncoder


class Painter:
    """A trained model, ready to paint; `Painter.load` makes one.

    It may be used from several threads at once.
    """

    def __init__(
        self,
        file: painter_file.PainterFile,
        text_encoder: "TextEncoder | None" = None,
        threads: int | None = None,
    ) -> None:
        """Open an inference session for a verified painter file.

        `text_encoder`: one that is loaded already; None: the bundled one that the file names. `threads`: for the
        generator; None: one a core that we may use. Raises PainterFileError and TextEncoderError.
        """
        self.manifest = file.manifest
        self.name = file.manifest.name
        self.size = file.manifest.picture_size
        self.latent_size = file.manifest.latent_size
        self.conditional = file.manifest.conditional
        self.has_alpha = file.channels == ALPHA_CHANNELS  # its pictures are straight RGBA, not RGB
        self.samples_webp = file.samples_webp
        self.known_captions = file.captions
        self._picture_shape = (self.size, self.size, file.channels)
        self._batch_size = file.batch_size  # pictures of one run: bounds the memory and time of a large request
        self._encoder = matching_encoder(file.manifest, text_encoder) if self.conditional else None
        self._reader = PromptReader(self._raw_text_vector, file.captions)
        self._mean = np.array(file.manifest.caption_mean or (), np.float32)
        self._std = np.array(file.manifest.caption_std or (), np.float32)
        self._session = open_session(file.generator, threads, PainterFileError)

    @classmethod
    def load(
        cls, path_or_name: str | Path, text_encoder: "TextEncoder | None" = None, threads: int | None = None
    ) -> "Painter":
        """Load a painter from a file, or a bundled one by its name.

        One whose card says that its pictures are far from its training's has a warning PainterNote. Raises
        InvalidRequest for an unknown name, PainterFileError and TextEncoderError; see `Painter` for the rest.
        """
        path = catalog.find(path_or_name)
        file = painter_file.read(path)
        warn_of_painter(file.manifest.name, file.manifest.card)
        try:
            return cls(file, text_encoder, threads)
        except PainterFileError as problem:
            raise PainterFileError(f"cannot use the painter file {path}: {problem}") from problem

    def __repr__(self) -> str:
        """Name, size, whether it takes a prompt, and whether it paints transparency."""
        pixels = f"{self.size} px{', RGBA' if self.has_alpha else ''}"
        return f"<Painter {self.name!r}: {pixels}, {'with' if self.conditional else 'without'} a prompt>"

    def paint(
        self,
        prompt: str | None = None,
        count: int = 5,
        seed: int | None = None,
        truncation: float = 1.0,
        variation: Variation | None = None,
        strength: float = 1.0,
    ) -> Paintings:
        """Paint `count` (1 … 64) pictures of a prompt; raises InvalidRequest.

        Picture i has seed (seed + i) mod 2**32; None draws a random seed, stated by the result. A prompt that is longer
        than the text encoder reads is painted as far as it is read, with a warning PromptTruncated; one with words that
        the painter does not know, with a warning PromptNote. A `truncation`
        (0.1 … 1) below 1 makes pictures more typical and more alike. With a `variation` all have the one seed, and are
        near its picture. A `strength` (0 … 1.5) above 1 follows the prompt more closely, below 1 less, if the painter
        supports it.
        """
        request = self.request(prompt, count, seed, PaintOptions(truncation, strength, variation))
        warn_of_prompts(request)
        return request.painted(self.paint_rows(*self.rows_of(request)))

    def morph(
        self,
        prompt: str | None = None,
        to_prompt: str | None = None,
        steps: int = 60,
        seed: int | None = None,
        to_seed: int | None = None,
    ) -> Morph:
        """Paint a morph of `steps` (2 … 240) frames from one picture to another; raises InvalidRequest.

        The ends differ in prompt, in seed or in both: what is left out of the second end is as in the first. A `seed`
        of None is drawn; so is `to_seed` where the painter takes no prompt, as only seeds can differ there.
        """
        request = self.morph_request(prompt, to_prompt, seed, to_seed)
        warn_of_prompts(request)
        return self.paint_morph(request, steps)

    def request(
        self, prompt: object, count: object, seed: object, options: PaintOptions = DEFAULT_OPTIONS
    ) -> PaintRequest:
        """Check a paint request without painting it; a missing seed is drawn. Raises InvalidRequest."""
        cleaned = self.check_prompt(prompt)
        checked_count = check_count(count)
        first_seed = random_seed() if seed is None else check_seed(seed)
        checked = self._check_options(options)
        seeds = [first_seed] * checked_count if checked.variation else picture_seeds(first_seed, checked_count)
        text, truncated = cleaned or (None, False)
        reading = None if text is None else self.read_prompt(text)
        return PaintRequest(text, tuple(seeds), self.name, truncated, checked, reading)

    def morph_request(
        self,
        prompt: object = None,
        to_prompt: object = None,
        seed: object = None,
        to_seed: object = None,
        options: PaintOptions = DEFAULT_OPTIONS,
        to_variation: Variation | None = None,
    ) -> MorphRequest:
        """Check a morph request without painting it, as `request` does for `paint`; raises InvalidRequest.

        Either end may be a variation. A second end without a seed and without a variation has the first one's, where a
        prompt or a variation makes the difference.
        """
        start = self.request(prompt, 1, seed, options)
        if to_seed is None and to_variation is None and self.conditional:
            to_variation = start.options.variation
        if to_seed is None and (self.conditional or to_variation is not None):
            to_seed = start.seeds[0]
        to_options = replace(options, variation=to_variation)
        end = self.request(prompt if to_prompt is None else to_prompt, 1, to_seed, to_options)
        if start == end:
            missing = "another prompt or another seed" if self.conditional else "another seed"
            raise InvalidRequest(f"both ends of the morph are the same picture: give {missing} for the second one")
        return MorphRequest(start, end)

    def paint_morph(self, request: MorphRequest, steps: int, report: ProgressCallback | None = None) -> Morph:
        """Paint a checked morph in `steps` (2 … 240) frames, at an even pace; raises InvalidRequest.

        `report` is called with the number of pictures painted and the total, which includes the probes that find the
        pace.
        """
        positions, frames = paint_evenly(partial(self.paint_between, request), check_steps(steps), report)
        return Morph(frames, request, positions)

    def paint_between(self, request: MorphRequest, positions: Sequence[float]) -> UInt8Array:
        """Paint a morph's pictures at positions from 0 (its start) to 1: uint8 (N, H, W, C); raises InvalidRequest."""
        return self.paint_rows(*self.rows_between(request, positions))

    def rows_between(self, request: MorphRequest, positions: Sequence[float]) -> tuple[FloatArray, FloatArray | None]:
        """Latents (P, Z) and text vectors (P, E), or None, of a morph at P positions in [0, 1].

        Raises InvalidRequest.
        """
        checked = check_positions(positions)
        start, end = request.start, request.end
        latents = latents_between(start.latents(self.latent_size)[0], end.latents(self.latent_size)[0], checked)
        start_vector = start.text_vector(self.text_vector)
        end_vector = end.text_vector(self.text_vector)
        if start_vector is None or end_vector is None:
            return latents, None
        return latents, text_vectors_between(start_vector, end_vector, checked)

    def rows_of(self, request: PaintRequest) -> tuple[FloatArray, FloatArray | None]:
        """Latents (N, Z) and text vectors (N, E), or None, of a request."""
        latents = request.latents(self.latent_size)
        vector = request.text_vector(self.text_vector)
        return latents, None if vector is None else np.repeat(vector[None], len(latents), axis=0)

    def paint_arrays(self, prompts: Sequence[str], seeds: Sequence[int], truncation: float = 1.0) -> UInt8Array:
        """Paint one picture for each prompt and seed: uint8 (N, H, W, C); raises InvalidRequest.

        For an unconditional painter `prompts` is empty. Prompts are cleaned and truncated. One of which the text
        encoder knows no word is painted too: an evaluation compares painters of several encoders on the same captions.
        """
        if not self.conditional:
            if prompts:
                raise InvalidRequest(self._no_prompt_message())
            return self.paint_rows(latents_of(seeds, self.latent_size, truncation), None)
        if len(prompts) != len(seeds):
            raise InvalidRequest(f"there are {len(prompts)} prompts for {len(seeds)} seeds; give one for each")
        checked = {prompt: check_prompt(prompt).text for prompt in dict.fromkeys(prompts)}
        vectors = {prompt: self.text_vector(text) for prompt, text in checked.items()}
        rows = np.array([vectors[prompt] for prompt in prompts], np.float32)
        return self.paint_rows(latents_of(seeds, self.latent_size, truncation), rows)

    def check_prompt(self, prompt: object) -> CleanText | None:
        """Return the cleaned prompt, and whether it is longer than the text encoder reads; raises InvalidRequest.

        An unconditional painter takes None only, a conditional one any text in which its text encoder knows a word.
        """
        if self._encoder is None:
            if prompt is not None:
                raise InvalidRequest(self._no_prompt_message())
            return None
        if prompt is None:
            raise InvalidRequest(f"the painter '{self.name}' needs a prompt: say what to paint")
        text, truncated = check_prompt(prompt)
        if not self._encoder.readable(text):
            raise InvalidRequest(f"the painter '{self.name}' knows no word of the prompt: describe it in words")
        return CleanText(text, truncated or self._encoder.truncated(self.read_prompt(text).text))

    def read_prompt(self, prompt: str) -> PromptReading:
        """How a checked prompt is read: without syntax and noise, and how familiar the rest is."""
        return self._reader.read(prompt)

    def embed(self, prompt: str) -> PromptEmbedding:
        """The text embedding of a prompt as it is read, beside the nearest captions of the training.

        Raises InvalidRequest, also where the painter takes no prompt.
        """
        cleaned = self.check_prompt(prompt)
        if self._encoder is None or cleaned is None:
            raise InvalidRequest(self._no_prompt_message())
        text = self.read_prompt(cleaned.text).text
        tokens = self._encoder.token_count(text)
        return PromptEmbedding.of(cleaned.text, self._reader.encode(text), tokens, self.known_captions)

    def text_vector(self, prompt: str) -> FloatArray:
        """The standardised text vector (E,) of a checked prompt, as the generator was trained on."""
        raw = self._reader.encode(self.read_prompt(prompt).text)
        vector: FloatArray = (raw - self._mean) / self._std
        return vector

    def _raw_text_vector(self, text: str) -> FloatArray:
        assert self._encoder is not None
        vector: FloatArray = self._encoder.encode([text])[0]
        return vector

    def paint_rows(self, latents: FloatArray, text_vectors: FloatArray | None) -> UInt8Array:
        """Paint from latents (N, Z) and, where the painter takes a prompt, text vectors (N, E): uint8 (N, H, W, C)."""
        pictures = np.empty((len(latents), *self._picture_shape), np.uint8)
        for start in range(0, len(latents), self._batch_size):
            part = slice(start, start + self._batch_size)
            feed = {"latents": latents[part]}
            if text_vectors is not None:
                feed["text_vectors"] = text_vectors[part]
            pictures[part] = self._generate(feed)
        return pictures

    def _generate(self, feed: dict[str, FloatArray]) -> UInt8Array:
        expected_shape = (len(feed["latents"]), *self._picture_shape)
        try:
            pictures: UInt8Array = self._session.run(["pictures"], feed)[0]
        except Exception as problem:  # ONNX Runtime's own classes share no base but Exception
            raise PainterFileError(f"the painter '{self.name}' failed to paint; its file is broken") from problem
        if pictures.shape != expected_shape or pictures.dtype != np.uint8:
            raise PainterFileError(
                f"the painter '{self.name}' returned pictures of shape {pictures.shape} and type {pictures.dtype}, "
                f"not {expected_shape} and uint8"
            )
        return pictures

    def _check_options(self, options: PaintOptions) -> PaintOptions:
        """Return the options, checked; raises InvalidRequest, also for a strength without support for it."""
        checked = options.checked()
        if checked.strength != 1 and not self.manifest.strength:
            raise InvalidRequest(f"the painter '{self.name}' does not support `strength`; omit it")
        return checked

    def _no_prompt_message(self) -> str:
        return f"the painter '{self.name}' takes no prompt: omit it"
