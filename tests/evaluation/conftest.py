"""Folders of two kinds of flowers in two colours, small enough for a classifier that trains in seconds."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from painting.data.prepared import PreparedSet, prepare
from painting.evaluation.extractors.classifier import Classifier, ClassifierSettings
from painting.evaluation.extractors.classifier_training import train_classifier
from painting.images import FloatArray, UInt8Array

SIZE = 16
COLORS = {"red": (200, 40, 40), "blue": (40, 60, 200), "white": (230, 230, 230)}
SPECIES = ("daisy", "tulip")

Draw = Callable[[str, str, int], UInt8Array]


class LengthEncoder:
    """Text vectors that say how long a text is: evaluation reads captions, not vectors."""

    id, sha256, width = "length", "ab" * 32, 1

    def encode(self, texts: Sequence[str]) -> FloatArray:
        return np.array([[len(text)] for text in texts], np.float32)

    def readable(self, text: str) -> bool:
        return True

    def truncated(self, text: str) -> bool:
        return False


def draw_flower(species: str, color: str, seed: int) -> UInt8Array:
    """A daisy is a bar that lies, a tulip one that stands, a rose a square, an iris a small one, on noisy green."""
    random = np.random.default_rng(seed)
    picture = random.integers(0, 60, (SIZE, SIZE, 3)) + np.array([0, 60, 0])
    row, column = random.integers(4, 8, 2)
    if species in ("daisy", "tulip"):
        tall, wide = (4, 10) if species == "daisy" else (10, 4)
        row, column = (row, 3) if species == "daisy" else (3, column)
    else:
        tall = wide = 8 if species == "rose" else 3
    picture[row : row + tall, column : column + wide] = COLORS[color]
    drawn: UInt8Array = picture.astype(np.uint8)
    return drawn


def write_folder(folder: Path, count: int, first_seed: int, kinds: Sequence[str] = SPECIES) -> Path:
    """`count` flowers with captions and labels, all pairs in turn."""
    folder.mkdir()
    pairs = [(species, color) for species in kinds for color in COLORS]
    rows = []
    for index in range(count):
        species, color = pairs[index % len(pairs)]
        name = f"{index:04d}.png"
        Image.fromarray(draw_flower(species, color, first_seed + index)).save(folder / name)
        captions = [f"a {color} flower", f"a {color} {species}"]
        rows.append({"file_name": name, "species": species, "color": color, "captions": captions})
    (folder / "metadata.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def train(tmp_path_factory: pytest.TempPathFactory) -> PreparedSet:
    """96 flowers in two views."""
    folder = tmp_path_factory.mktemp("evaluation")
    return prepare(write_folder(folder / "train", 96, 0), SIZE, 2, LengthEncoder(), folder / "cache")


@pytest.fixture(scope="session")
def held_out(tmp_path_factory: pytest.TempPathFactory) -> PreparedSet:
    """60 other flowers."""
    folder = tmp_path_factory.mktemp("evaluation")
    return prepare(write_folder(folder / "test", 60, 1000), SIZE, 1, LengthEncoder(), folder / "cache")


@pytest.fixture(scope="session")
def tiny_settings() -> ClassifierSettings:
    return ClassifierSettings(widths=(8, 16), images=4000, batch=32, learning_rate=5e-3, seed=5)


@pytest.fixture(scope="session")
def classifier(train: PreparedSet, tiny_settings: ClassifierSettings) -> Classifier:
    """A classifier that has learned these flowers."""
    return train_classifier(train, tiny_settings)


@pytest.fixture(scope="session")
def flower() -> Draw:
    """A function that draws one flower from species, color and seed."""
    return draw_flower
