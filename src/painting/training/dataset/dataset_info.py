"""Dataset info: what networks, checkpoints and painter files must know of the pictures that a run trains on."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from painting.data.picture_set import CaptionedSet, PictureSet
from painting.images import FloatArray


@dataclass(frozen=True)
class DatasetInfo:
    """A data set's content hash, summary and attribute names; text encoder and caption statistics of captioned ones.

    `caption_mean` and `caption_std` hold E numbers each, the statistics that text vectors are standardised by.
    """

    content_hash: str
    summary: dict[str, Any]
    attributes: tuple[str, ...]
    example_prompts: tuple[str, ...] = ()
    text_encoder_id: str | None = None
    text_encoder_sha256: str | None = None
    caption_mean: tuple[float, ...] = ()
    caption_std: tuple[float, ...] = ()

    @property
    def text_width(self) -> int:
        """E, the width of a text vector; 0 without captions."""
        return len(self.caption_mean)

    def standardise(self, vectors: FloatArray) -> FloatArray:
        """Text vectors of the text encoder (N, E) → with mean 0 and standard deviation 1 over the captions."""
        mean = np.array(self.caption_mean, np.float32)  # (E,)
        std = np.array(self.caption_std, np.float32)  # (E,)
        standardised: FloatArray = (vectors - mean) / std
        return standardised

    @classmethod
    def of(cls, data: PictureSet) -> "DatasetInfo":
        """The info of a picture set."""
        info = cls(data.content_hash, dict(data.summary), tuple(data.attributes))
        if not isinstance(data, CaptionedSet):
            return info
        return replace(
            info,
            example_prompts=tuple(data.example_prompts),
            text_encoder_id=data.text_encoder_id,
            text_encoder_sha256=data.text_encoder_sha256,
            caption_mean=tuple(map(float, data.caption_mean)),
            caption_std=tuple(map(float, data.caption_std)),
        )

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "DatasetInfo":
        """The info from its JSON object, with lists as tuples again; raises TypeError for other keys."""
        fields: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
        }
        return cls(**fields)
