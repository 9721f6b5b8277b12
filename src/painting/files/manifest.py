"""Manifest of a painter file, its member painter.json.

E is the width of its text encoder's vectors.
"""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from painting.errors import PainterFileError
from painting.files.json_fields import JsonFields

FORMAT_VERSION = 1
MANIFEST_MEMBER = "painter.json"
MAX_PICTURE_SIZE = 4096  # px
MAX_VECTOR_SIZE = 1 << 16
MAX_EXAMPLE_PROMPTS = 64


@dataclass(frozen=True)
class PainterManifest:
    """Metadata of a painter; an unconditional one has no text encoder and no caption statistics.

    The generator's input is (text vector − caption_mean) / caption_std, each of E numbers. `picture_size` is a side in
    px, `latent_size` a count. `strength`: whether the generator was trained with text vectors multiplied by 0 … 1.5,
    so that it follows a prompt as closely. `members` maps the other members' names to their SHA-256.
    """

    name: str
    picture_size: int
    latent_size: int
    text_encoder_id: str | None = None
    text_encoder_sha256: str | None = None
    caption_mean: tuple[float, ...] | None = None
    caption_std: tuple[float, ...] | None = None
    card: dict[str, Any] = field(default_factory=dict)
    example_prompts: tuple[str, ...] = ()
    strength: bool = False
    members: dict[str, str] = field(default_factory=dict)
    format_version: int = FORMAT_VERSION

    @property
    def conditional(self) -> bool:
        """Whether the painter takes a prompt."""
        return self.text_encoder_id is not None

    @property
    def text_width(self) -> int | None:
        """E, or None for an unconditional painter."""
        return None if self.caption_mean is None else len(self.caption_mean)

    def to_json(self) -> bytes:
        """The bytes of painter.json, equal for equal manifests; raises PainterFileError for values that JSON lacks."""
        try:
            return json.dumps(asdict(self), indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False).encode()
        except (ValueError, TypeError) as problem:  # a number or object that JSON lacks, half a surrogate pair
            raise PainterFileError(f"the painter's card or numbers cannot be written as JSON: {problem}") from problem

    @classmethod
    def from_json(cls, content: bytes) -> "PainterManifest":
        """Read painter.json; raises PainterFileError that names the invalid field."""
        fields = JsonFields(content, MANIFEST_MEMBER, PainterFileError)
        fields.version(FORMAT_VERSION)
        manifest = cls(
            name=fields.text("name"),
            picture_size=fields.whole("picture_size", MAX_PICTURE_SIZE),
            latent_size=fields.whole("latent_size", MAX_VECTOR_SIZE),
            card=fields.record("card"),
            example_prompts=fields.texts("example_prompts", MAX_EXAMPLE_PROMPTS),
            strength=fields.flag("strength"),
            members={name: str(value) for name, value in fields.record("members").items()},
            **_text_fields(fields),
        )
        if manifest.caption_std is not None and min(manifest.caption_std) <= 0:
            raise PainterFileError(f"its {MANIFEST_MEMBER} is not understood: 'caption_std' must be above 0")
        return manifest


def _text_fields(fields: JsonFields) -> dict[str, Any]:
    names = ("text_encoder_id", "text_encoder_sha256", "caption_mean", "caption_std")
    if all(fields.missing(name) for name in names):
        return {}
    mean = fields.numbers("caption_mean", None, MAX_VECTOR_SIZE)
    return {
        "text_encoder_id": fields.text("text_encoder_id"),
        "text_encoder_sha256": fields.text("text_encoder_sha256"),
        "caption_mean": mean,
        "caption_std": fields.numbers("caption_std", len(mean), MAX_VECTOR_SIZE),
    }
