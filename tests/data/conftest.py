"""A text encoder that needs no model, and folders of pictures made on the spot."""

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from painting.images import FloatArray


class HashEncoder:
    """Text vectors from hashes: the same text gives the same vector; texts without letters are unreadable."""

    width = 8

    def __init__(self, name: str = "hash") -> None:
        self.id = name
        self.sha256 = hashlib.sha256(name.encode()).hexdigest()
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> FloatArray:
        self.encoded += texts
        digests = [hashlib.sha256((self.id + text).encode()).digest()[: self.width] for text in texts]
        return np.array([list(digest) for digest in digests], np.float32) / np.float32(255)

    def readable(self, text: str) -> bool:
        return any(letter.isalpha() for letter in text)

    def truncated(self, text: str) -> bool:
        return len(text.split()) > 20


@pytest.fixture
def encoder() -> HashEncoder:
    return HashEncoder()


@pytest.fixture
def other_encoder() -> HashEncoder:
    return HashEncoder("other")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def noise_picture(seed: int, size: tuple[int, int] = (40, 32)) -> Image.Image:
    values = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), np.uint8)
    return Image.fromarray(values)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three good pictures, a.png to c.png, with metadata.jsonl: two captions each, a label `kind`."""
    made = tmp_path / "pictures"
    made.mkdir()
    rows: list[dict[str, object]] = []
    for index, name in enumerate(["a.png", "b.png", "c.png"]):
        noise_picture(index).save(made / name)
        kind = "rose" if index < 2 else "tulip"
        rows.append({"file_name": name, "captions": [f"a {kind}", f"flower number {name[0]}"], "kind": kind})
    write_rows(made, rows)
    return made


@pytest.fixture
def add_picture(folder: Path) -> Callable[[str, bytes | Image.Image], Path]:
    """Adds a file to `folder`, with a caption of its own."""

    def add(name: str, content: bytes | Image.Image) -> Path:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            content.save(path)
        with (folder / "metadata.jsonl").open("a") as file:
            file.write(json.dumps({"file_name": name, "caption": f"an added flower {name}"}) + "\n")
        return path

    return add


def write_rows(folder: Path, rows: list[dict[str, object]]) -> None:
    (folder / "metadata.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
