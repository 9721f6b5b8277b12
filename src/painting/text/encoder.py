"""Text encoder: text vectors by ONNX Runtime and tokenizers, the same file in training and serving.

N is the number of texts, T of tokens in one of them, E the width of a text vector.
"""

import unicodedata
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from painting.cleaning import MAX_TEXT_LENGTH
from painting.errors import TextEncoderError
from painting.files.archive import check_hashes, sha256
from painting.files.onnx_check import check_graph
from painting.images import FloatArray
from painting.onnx_session import open_session
from painting.text.catalog import find
from painting.text.encoder_file import DESCRIPTION_FILE, GRAPH_FILE, TOKENIZER_FILE, EncoderDescription, read_files

ENCODER_THREADS = 1
"""Of ONNX Runtime: prompts are short, and a second thread takes longer to wake than it saves."""
REPLACEMENT_CHARACTER = "\ufffd"  # decoded from bytes that are no whole character


class TextEncoder:
    """An open text encoder; `TextEncoder.load` makes one."""

    def __init__(self, members: dict[str, bytes]) -> None:
        """Check and open the three files of a text encoder; raises TextEncoderError."""
        description = EncoderDescription.from_json(members[DESCRIPTION_FILE])
        rest = {name: members[name] for name in (GRAPH_FILE, TOKENIZER_FILE)}
        check_hashes(rest, description.members, TextEncoderError)
        tokens = ("int64", (None, None))
        vectors = ("float32", (None, description.width))
        check_graph(members[GRAPH_FILE], {"ids": tokens, "mask": tokens}, {"text_vectors": vectors}, TextEncoderError)
        self.id = description.id
        self.width = description.width
        self.longest_prompt = description.longest_prompt
        self.sha256 = sha256(members[DESCRIPTION_FILE])  # it holds the others' hashes, so this one covers all
        self._tokenizer = _read_tokenizer(members[TOKENIZER_FILE])
        self._unknown = self._tokenizer.token_to_id(description.unknown_token)
        self._session = open_session(members[GRAPH_FILE], ENCODER_THREADS, TextEncoderError)

    @classmethod
    def load(cls, name_or_path: str | Path = "minilm-l6") -> "TextEncoder":
        """Load a text encoder by name, bundled or in the user's folder of them, or from a folder or zip file.

        Raises TextEncoderError.
        """
        path = find(name_or_path)
        try:
            return cls(read_files(path))
        except TextEncoderError as problem:
            raise TextEncoderError(f"cannot use the text encoder {path}: {problem}") from problem

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Text vectors (N, E), as the graph gives them, each of at most the first `longest_prompt` tokens of its text.

        Characters after the first 2000 are not read: the tokenizer would keep hundreds of bytes for each.
        Those of minilm-l6 have length 1, those of a CLIP are its pooled outputs, longer and of no fixed length.
        Each text runs on its own: the quantised graph fits one scale to its whole input, so in a batch a text's
        vector would depend on its neighbours.
        """
        vectors = np.empty((len(texts), self.width), np.float32)
        for row, text in enumerate(texts):
            ids = np.array([self.token_ids(text)], np.int64)  # (1, T)
            vectors[row] = self._session.run(None, {"ids": ids, "mask": np.ones_like(ids)})[0][0]
        return vectors

    def readable(self, text: str) -> bool:
        """Whether the text has a token in the vocabulary with a letter, a digit or a pictogram.

        Punctuation alone does not count. Nor do the tokens that a byte-level tokenizer makes of a letter outside its
        vocabulary: one for each of its bytes, all of them known, but none a character.
        """
        text = text[:MAX_TEXT_LENGTH]
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        return any(
            token != self._unknown
            and any(map(_is_content, text[slice(*span)]))
            and REPLACEMENT_CHARACTER not in self._tokenizer.decode([token], skip_special_tokens=False)
            for token, span in zip(encoding.ids, encoding.offsets, strict=True)
        )

    def truncated(self, text: str) -> bool:
        """Whether the text has more tokens than the encoder reads."""
        return len(text) > MAX_TEXT_LENGTH or len(self._tokenizer.encode(text).ids) > self.longest_prompt

    def token_count(self, text: str) -> int:
        """The number of the text's tokens that are read, those around it included."""
        return len(self.token_ids(text))

    def token_ids(self, text: str) -> list[int]:
        """The ids of the text's tokens that are read, those around it included."""
        ids: list[int] = self._tokenizer.encode(text[:MAX_TEXT_LENGTH]).ids
        if len(ids) > self.longest_prompt:
            ids = [*ids[: self.longest_prompt - 1], ids[-1]]  # the end-of-text token
        return ids


def _is_content(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character) == "So"


def _read_tokenizer(content: bytes) -> Tokenizer:
    try:
        tokenizer = Tokenizer.from_buffer(content)
    except Exception as problem:  # tokenizers raises no narrower class
        raise TextEncoderError(f"its {TOKENIZER_FILE} is not understood ({problem})"[:300]) from problem
    tokenizer.encode_special_tokens = True  # <|endoftext|> or [SEP] in a prompt is text
    return tokenizer
