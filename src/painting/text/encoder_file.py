"""File format of text encoders: a folder or zip file of a description, an ONNX graph and a tokenizer."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from painting.errors import TextEncoderError
from painting.files.archive import read_members
from painting.files.json_fields import JsonFields

DESCRIPTION_FILE = "text_encoder.json"
GRAPH_FILE = "text_encoder.onnx"
TOKENIZER_FILE = "tokenizer.json"
LICENCE_FILE = "LICENSE"  # beside them where the model's licence requires it
MAX_FILE_BYTES = {DESCRIPTION_FILE: 1 << 16, GRAPH_FILE: 1 << 30, TOKENIZER_FILE: 1 << 25}
FORMAT_VERSION = 1
MAX_TEXT_LENGTH = 300


@dataclass(frozen=True)
class EncoderDescription:
    """Content of text_encoder.json: `width` numbers a text, of at most `longest_prompt` tokens, and its origin."""

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
    def from_json(cls, content: bytes) -> "EncoderDescription":
        """Read and check text_encoder.json; raises TextEncoderError."""
        fields = JsonFields(content, DESCRIPTION_FILE, TextEncoderError)
        fields.version(FORMAT_VERSION)
        origin = {
            name: fields.text(name, MAX_TEXT_LENGTH)
            for name in ("pooling", "model", "licence")
            if not fields.missing(name)
        }
        return cls(
            id=fields.text("id"),
            width=fields.whole("width", 1 << 16),
            longest_prompt=fields.whole("longest_prompt", 1 << 16),
            unknown_token=fields.text("unknown_token"),
            members={name: str(value) for name, value in fields.record("members").items()},
            **origin,
        )

    def to_json(self) -> bytes:
        """The bytes of text_encoder.json, the same for equal descriptions."""
        return (json.dumps({"format_version": FORMAT_VERSION} | asdict(self), indent=2) + "\n").encode()


def read_description(folder: Path) -> EncoderDescription:
    """Read a folder's description alone; raises TextEncoderError."""
    return EncoderDescription.from_json(_read_file(folder, DESCRIPTION_FILE))


def read_files(path: Path) -> dict[str, bytes]:
    """The files of a text encoder by name, from a folder or a zip file; raises TextEncoderError."""
    if path.is_dir():
        return {name: _read_file(path, name) for name in MAX_FILE_BYTES}
    return read_members(path, MAX_FILE_BYTES, TextEncoderError, ignored={LICENCE_FILE})


def _read_file(folder: Path, name: str) -> bytes:
    try:
        if (folder / name).stat().st_size > MAX_FILE_BYTES[name]:
            raise TextEncoderError(f"its {name} is larger than {MAX_FILE_BYTES[name]} bytes")
        return (folder / name).read_bytes()
    except OSError as problem:
        raise TextEncoderError(f"its {name} cannot be read: {problem.strerror}") from problem
