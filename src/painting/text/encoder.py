"""Turn texts into text vectors by ONNX Runtime and tokenizers; training and serving use the very same file.

N is the number of texts, T of tokens in one of them, E the width of a text vector.
"""

import unicodedata
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from painting.errors import TextEncoderError
from painting.files.archive import check_hashes, sha256
from painting.files.onnx_check import check_graph
from painting.images import FloatArray
from painting.onnx_session import open_session
from painting.text.catalog import find
from painting.text.encoder_file import DESCRIPTION, GRAPH, TOKENIZER, Description, read_files

PART_OF_A_CHARACTER = "\ufffd"  # what bytes that are no character are decoded to


class TextEncoder:
    """A text encoder that is ready to use; `TextEncoder.load` makes one."""

    def __init__(self, members: dict[str, bytes], threads: int | None = None) -> None:
        """Check and open the three files of a text encoder; raises TextEncoderError."""
        description = Description.from_json(members[DESCRIPTION])
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
        """Load a text encoder by name, bundled or in the user's folder of them, or from a folder or zip file.

        `threads`: for ONNX Runtime; None: one a core that we may use. Raises TextEncoderError.
        """
        path = find(name_or_path)
        try:
            return cls(read_files(path), threads)
        except TextEncoderError as problem:
            raise TextEncoderError(f"cannot use the text encoder {path}: {problem}") from problem

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """The texts' vectors (N, E), as the graph gives them; what is beyond `longest_prompt` tokens is not read.

        Those of minilm-l6 have length 1, those of a CLIP are its pooled outputs, longer and of no fixed length.
        Each text runs on its own: the quantised graph fits one scale to all that it is given, so in a batch a text's
        vector would depend on its neighbours.
        """
        vectors = np.empty((len(texts), self.width), np.float32)
        for row, text in enumerate(texts):
            ids = np.array([self._ids(text)], np.int64)  # (1, T)
            vectors[row] = self._session.run(None, {"ids": ids, "mask": np.ones_like(ids)})[0][0]
        return vectors

    def readable(self, text: str) -> bool:
        """Whether the vocabulary knows something that the text shows: a token with a letter, a digit or a pictogram.

        Punctuation alone shows nothing. Nor does what a tokenizer of bytes makes of a letter that it never saw: it has
        a token for each of its bytes, and knows them all, but none is a character.
        """
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        return any(
            token != self._unknown
            and any(map(_shows, text[slice(*span)]))
            and PART_OF_A_CHARACTER not in self._tokenizer.decode([token], skip_special_tokens=False)
            for token, span in zip(encoding.ids, encoding.offsets, strict=True)
        )

    def truncated(self, text: str) -> bool:
        """Whether the text is longer than the encoder reads."""
        return len(self._tokenizer.encode(text).ids) > self.longest_prompt

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text).ids
        if len(ids) > self.longest_prompt:
            ids = [*ids[: self.longest_prompt - 1], ids[-1]]  # the last one ends a text
        return ids


def _shows(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character) == "So"


def _read_tokenizer(content: bytes) -> Tokenizer:
    try:
        tokenizer = Tokenizer.from_buffer(content)
    except Exception as problem:  # tokenizers raises nothing narrower
        raise TextEncoderError(f"its {TOKENIZER} is not understood ({problem})"[:300]) from problem
    tokenizer.encode_special_tokens = True  # a prompt that spells <|endoftext|> or [SEP] is text, and goes on
    return tokenizer
