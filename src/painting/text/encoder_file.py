"""What a text encoder's folder or zip file holds: a description, an ONNX graph and a tokenizer."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from painting.errors import TextEncoderError
from painting.files.archive import read_members
from painting.files.json_fields import JsonFields

DESCRIPTION, GRAPH, TOKENIZER = "text_encoder.json", "text_encoder.onnx", "tokenizer.json"
LICENCE = "LICENSE"  # lies beside them where the model asks for it
LIMITS = {DESCRIPTION: 1 << 16, GRAPH: 1 << 30, TOKENIZER: 1 << 25}
FORMAT_VERSION = 1
LONGEST_TEXT = 300


@dataclass(frozen=True)
class Description:
    """What text_encoder.json says: `width` numbers a text, read up to `longest_prompt` tokens, and where it is from."""

    id: str
    width: int
    longest_prompt: int
    unknown_token: str
    pooling: str = "unknown"
    model: str = "unknown"
    licence: str = "unknown"
    members: dict[str, str] = field(default_factory=dict)
    """The SHA-256 of graph and tokenizer."""

    @classmethod
    def from_json(cls, content: bytes) -> "Description":
        """Read and check text_encoder.json; raises TextEncoderError."""
        fields = JsonFields(content, DESCRIPTION, TextEncoderError)
        fields.version(FORMAT_VERSION)
        told = {
            name: fields.text(name, LONGEST_TEXT)
            for name in ("pooling", "model", "licence")
            if not fields.missing(name)
        }
        return cls(
            id=fields.text("id"),
            width=fields.whole("width", 1 << 16),
            longest_prompt=fields.whole("longest_prompt", 1 << 16),
            unknown_token=fields.text("unknown_token"),
            members={name: str(value) for name, value in fields.record("members").items()},
            **told,
        )

    def to_json(self) -> bytes:
        """The bytes of text_encoder.json: the same description gives the same bytes."""
        return (json.dumps({"format_version": FORMAT_VERSION} | asdict(self), indent=2) + "\n").encode()


def read_description(folder: Path) -> Description:
    """Read a folder's description alone; raises TextEncoderError."""
    return Description.from_json(_read_file(folder, DESCRIPTION))


def read_files(path: Path) -> dict[str, bytes]:
    """The files of a text encoder by name, from a folder or a zip file; raises TextEncoderError."""
    if path.is_dir():
        return {name: _read_file(path, name) for name in LIMITS}
    return read_members(path, LIMITS, TextEncoderError, ignored={LICENCE})


def _read_file(folder: Path, name: str) -> bytes:
    try:
        if (folder / name).stat().st_size > LIMITS[name]:
            raise TextEncoderError(f"its {name} is larger than {LIMITS[name]} bytes")
        return (folder / name).read_bytes()
    except OSError as problem:
        raise TextEncoderError(f"its {name} cannot be read: {problem.strerror}") from problem
