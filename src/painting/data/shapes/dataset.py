"""Synthetic dataset of coloured shapes: endless captioned pictures, each a pure function of its id."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np

from painting.data.cache import default_cache, digest
from painting.data.picture_set import CaptionEncoder, IntArray
from painting.data.rng import hash_uniform
from painting.data.shapes.scenes import (
    ALL_SCENES,
    BACKGROUND_COLORS,
    SHAPE_COLORS,
    SHAPE_DISTANCES,
    SHAPE_RADII,
    UNSEEN_PAIRS,
    captions_of,
    draw_scenes,
)
from painting.data.text.text_vectors import encode_captions, statistics
from painting.images import FloatArray, UInt8Array
from painting.progress import TaskProgressCallback, no_progress

SHAPES_VERSION = 1
"""Raised whenever the same id would give another picture or caption."""
_PICTURE_STREAM, _PROMPT_STREAM = 0, 1


class Shapes:
    """Endless dataset of drawn shapes; "train" has all (colour, shape) pairs but `UNSEEN_PAIRS`, "unseen" those."""

    count: int | None = None
    views = 1

    def __init__(
        self,
        size: int = 32,
        *,
        text_encoder: CaptionEncoder,
        split: Literal["train", "unseen"] = "train",
        cache: Path | None = None,
        report: TaskProgressCallback = no_progress,
    ) -> None:
        """Encode the captions of all scenes, or read them from the cache (default: `default_cache()`)."""
        self.size = size
        self.split = split
        self.scenes = [scene for scene in ALL_SCENES if (scene.pair in UNSEEN_PAIRS) == (split == "unseen")]
        wordings = [captions_of(scene) for scene in self.scenes]
        self.captions = sorted({caption for wording in wordings for caption in wording})
        index_of = {caption: index for index, caption in enumerate(self.captions)}
        self._wordings = np.array([[index_of[text] for text in wording] for wording in wordings])  # (scenes, W)
        self.caption_vectors = np.array(encode_captions(self.captions, text_encoder, cache or default_cache(), report))
        weights = np.bincount(self._wordings.ravel()) / self._wordings.size
        self.caption_mean, self.caption_std = statistics(self.caption_vectors, weights)
        self.attributes = (
            *(f"color={color}" for color in SHAPE_COLORS),
            *(f"shape={shape}" for shape in SHAPE_DISTANCES),
            *(f"size={size_name}" for size_name in SHAPE_RADII),
            *(f"background={background}" for background in BACKGROUND_COLORS),
        )
        self._targets = self._scene_targets()
        self.example_prompts = tuple(prompt for prompt, _, _ in prompts("seen", 12)) + tuple(
            prompt for prompt, _, _ in prompts("unseen", 4)
        )
        self.text_encoder_id = text_encoder.id
        self.text_encoder_sha256 = text_encoder.sha256
        self.content_hash = digest("shapes", SHAPES_VERSION, size, split, text_encoder.sha256)
        self.summary: dict[str, object] = {
            "source": "shapes",
            "pictures": "endless",
            "captions": len(self.captions),
            "skipped": 0,
            "unseen_pairs": [" ".join(pair) for pair in UNSEEN_PAIRS],
        }

    def pictures(self, ids: IntArray) -> UInt8Array:
        """The pictures of these ids: (N, S, S, 3)."""
        chosen = [self.scenes[index] for index in self.scene_indices(ids)]
        offsets = hash_uniform(ids, 3, _PICTURE_STREAM)[:, 1:] * 2 - 1
        return draw_scenes(chosen, offsets, self.size)

    def text_vectors(self, ids: IntArray, choice: FloatArray) -> FloatArray:
        """The text vector of one wording of each picture: (N, E); `choice` (N,) in [0, 1) picks which."""
        wording = (np.asarray(choice) * self._wordings.shape[1]).astype(np.int64)
        vectors: FloatArray = self.caption_vectors[self._wordings[self.scene_indices(ids), wording]]
        return vectors

    def targets(self, ids: IntArray) -> FloatArray:
        """Multi-hot attributes of each picture: (N, A) of 0 and 1, four ones each."""
        return self._targets[self.scene_indices(ids)]

    def scene_indices(self, ids: IntArray) -> IntArray:
        """The index in `scenes` of each id: (N,)."""
        return (hash_uniform(ids, 1, _PICTURE_STREAM)[:, 0] * len(self.scenes)).astype(np.int64)

    def _scene_targets(self) -> FloatArray:
        names_of_scenes = [
            {f"color={s.color}", f"shape={s.shape}", f"size={s.size}", f"background={s.background}"}
            for s in self.scenes
        ]
        return np.array([[name in names for name in self.attributes] for names in names_of_scenes], np.float32)


def prompts(split: Literal["seen", "unseen"], count: int, seed: int = 0) -> list[tuple[str, str, str]]:
    """Test prompts as `count` triples (prompt, colour, shape): the pairs take turns, sizes and backgrounds vary."""
    by_pair: dict[tuple[str, str], list[str]] = {}
    for scene in ALL_SCENES:
        if (scene.pair in UNSEEN_PAIRS) == (split == "unseen"):
            by_pair.setdefault(scene.pair, []).append(captions_of(scene)[0])
    pairs = list(by_pair)
    draws = hash_uniform(np.arange(len(pairs)), 2, _PROMPT_STREAM + seed)
    order = np.argsort(draws[:, 0])
    chosen = []
    for index in range(count):
        turn, position = divmod(index, len(pairs))
        pair = pairs[order[position]]
        choices = by_pair[pair]
        start = int(draws[position, 1] * len(choices))
        chosen.append((choices[(start + turn) % len(choices)], *pair))
    return chosen
