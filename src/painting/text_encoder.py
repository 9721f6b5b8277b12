"""Turn texts into text vectors by ONNX Runtime and tokenizers; training and serving use the very same file.

N is the number of texts, T of tokens in one of them, E the width of a text vector.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from painting.errors import TextEncoderError
from painting.graph_check import check_graph
from painting.images import FloatArray
from painting.inference import open_session
from painting.json_fields import JsonFields
from painting.members import check_hashes, read_members, sha256

BUNDLED = Path(__file__).parent / "text_encoders"
DESCRIPTION, GRAPH, TOKENIZER = "text_encoder.json", "text_encoder.onnx", "tokenizer.json"
LICENCE = "LICENSE"  # lies beside them where the model asks for it
LIMITS = {DESCRIPTION: 1 << 16, GRAPH: 1 << 30, TOKENIZER: 1 << 25}
FORMAT_VERSION = 1


@dataclass(frozen=True)
class _Description:
    """What we use of text_encoder.json."""

    id: str
    width: int
    longest_prompt: int
    unknown_token: str
    members: dict[str, str]


class TextEncoder:
    """A text encoder that is ready to use; `TextEncoder.load` makes one."""

    def __init__(self, members: dict[str, bytes], threads: int | None = None) -> None:
        """Check and open the three files of a text encoder; raises TextEncoderError."""
        description = _read_description(members[DESCRIPTION])
        rest = {name: members[name] for name in (GRAPH, TOKENIZER)}
        check_hashes(rest, description.members, TextEncoderError)
        tokens = ("int64", (None, None))
        vectors = ("float32", (None, description.width))
        check_graph(members[GRAPH], {"ids": tokens, "mask": tokens}, {"text_vectors": vectors}, TextEncoderError)
        self.id = description.id
        self.width = description.width
        self.longest_prompt = description.longest_prompt
        self.sha256 = sha256(members[DESCRIPTION])  # it names the others' hashes, so this one covers all
        self._tokenizer = _read_tokenizer(members[TOKENIZER])
        self._unknown = self._tokenizer.token_to_id(description.unknown_token)
        self._session = open_session(members[GRAPH], threads, TextEncoderError)

    @classmethod
    def load(cls, name_or_path: str | Path = "minilm-l6", threads: int | None = None) -> "TextEncoder":
        """Load a bundled text encoder by name, or one from a folder or zip file.

        `threads`: for ONNX Runtime; None: one a core that we may use. Raises TextEncoderError.
        """
        path = _find(name_or_path)
        try:
            return cls(_read_folder(path) if path.is_dir() else _read_zip(path), threads)
        except TextEncoderError as problem:
            raise TextEncoderError(f"cannot use the text encoder {path}: {problem}") from problem

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """The texts' vectors (N, E), each of length 1; what is beyond `longest_prompt` tokens is not read.

        Each text runs on its own: the quantised graph fits one scale to all that it is given, so in a batch a text's
        vector would depend on its neighbours.
        """
        vectors = np.empty((len(texts), self.width), np.float32)
        for row, text in enumerate(texts):
            ids = np.array([self._ids(text)], np.int64)  # (1, T)
            vectors[row] = self._session.run(None, {"ids": ids, "mask": np.ones_like(ids)})[0][0]
        return vectors

    def readable(self, text: str) -> bool:
        """Whether the text has at least one token that the vocabulary knows."""
        ids = self._tokenizer.encode(text, add_special_tokens=False).ids
        return any(token != self._unknown for token in ids)

    def truncated(self, text: str) -> bool:
        """Whether the text is longer than the encoder reads."""
        return len(self._tokenizer.encode(text).ids) > self.longest_prompt

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text).ids
        if len(ids) > self.longest_prompt:
            ids = [*ids[: self.longest_prompt - 1], ids[-1]]  # the last one ends a text
        return ids


def bundled_names() -> list[str]:
    """The names of the text encoders that come with the package."""
    return sorted(path.name for path in BUNDLED.iterdir() if (path / DESCRIPTION).is_file())


def _find(name_or_path: str | Path) -> Path:
    bundled = BUNDLED / name_or_path
    if str(name_or_path) in bundled_names():
        return bundled
    path = Path(name_or_path)
    if not path.exists():
        raise TextEncoderError(
            f"there is no text encoder {str(name_or_path)!r}: give a folder, a zip file or one of "
            f"{', '.join(bundled_names())}"
        )
    return path


def _read_folder(folder: Path) -> dict[str, bytes]:
    members = {}
    for name, limit in LIMITS.items():
        try:
            if (folder / name).stat().st_size > limit:
                raise TextEncoderError(f"its {name} is larger than {limit} bytes")
            members[name] = (folder / name).read_bytes()
        except OSError as problem:
            raise TextEncoderError(f"its {name} cannot be read: {problem.strerror}") from problem
    return members


def _read_zip(path: Path) -> dict[str, bytes]:
    return read_members(path, LIMITS, TextEncoderError, ignored={LICENCE})


def _read_description(content: bytes) -> _Description:
    fields = JsonFields(content, DESCRIPTION, TextEncoderError)
    fields.version(FORMAT_VERSION)
    return _Description(
        id=fields.text("id"),
        width=fields.whole("width", 1 << 16),
        longest_prompt=fields.whole("longest_prompt", 1 << 16),
        unknown_token=fields.text("unknown_token"),
        members={name: str(value) for name, value in fields.record("members").items()},
    )


def _read_tokenizer(content: bytes) -> Tokenizer:
    try:
        return Tokenizer.from_buffer(content)
    except Exception as problem:  # tokenizers raises nothing narrower
        raise TextEncoderError(f"its {TOKENIZER} is not understood ({problem})"[:300]) from problem
