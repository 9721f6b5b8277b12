"""Attribute classifier of the evaluation: a small network trained on the training images alone, and its file format.

`classifier_training` trains it. N images, S side in px, A attributes, D features, M requests, C texts beside each
image, V values of a field.
"""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from painting.atomic_file import rename
from painting.data.attributes import columns_by_field
from painting.data.cache import cache_write_error, digest
from painting.evaluation.extractors.augment import Augmentation
from painting.evaluation.extractors.base import features_in_batches
from painting.evaluation.prompts import Request
from painting.files.archive import file_sha256
from painting.files.sealed_json import read_sealed, write_sealed
from painting.images import FloatArray, UInt8Array, to_float
from painting.models.autoencoder import AttributeClassifier

CLASSIFIER_VERSION = 1
"""Raised whenever the same settings and images would give another classifier."""
BATCH_SIZE = 128
WEIGHTS_FILE = "classifier.safetensors"
DESCRIPTION_FILE = "classifier.json"
KEY_LENGTH = 32


@dataclass(frozen=True)
class ClassifierSettings:
    """What a classifier depends on besides its images; widths and seed are no painter's own classifier's.

    A painter learns from the features of its own classifier, which would therefore flatter it.
    """

    widths: tuple[int, ...] = (24, 64, 112, 160)
    images: int = 40_000
    batch: int = 64
    learning_rate: float = 2e-3
    seed: int = 20_250
    augmentation: Augmentation = "mirrored"
    """Random transformation of each training image."""


class Classifier:
    """Predicts attributes of images; its `name` is unique to its settings and training images."""

    kind = "classifier"
    predictor = "a classifier trained on the training pictures alone"

    def __init__(self, settings: ClassifierSettings, attributes: Sequence[str], content_hash: str) -> None:
        """An untrained classifier of these attributes of the images with this content hash."""
        self.settings = settings
        self.attributes = tuple(attributes)
        self.content_hash = content_hash
        self.key = key_of(settings, content_hash)
        self.name = f"classifier-{self.key[:8]}"
        self.fields = {field: np.array(columns) for field, columns in columns_by_field(attributes).items()}
        self.network = AttributeClassifier(settings.widths, len(attributes)).eval()
        self.width: int = self.network.head.in_features

    def predict(self, pictures: UInt8Array) -> dict[str, list[str]]:
        """The most likely value of each field (species, color) in each image: uint8 (N, S, S, 3) → N values."""
        probabilities = self.probabilities(pictures)
        return {
            field: [self.values(field)[best] for best in probabilities[field].argmax(axis=1)] for field in self.fields
        }

    def probabilities(self, pictures: UInt8Array) -> dict[str, FloatArray]:
        """Probabilities of each field's V values: uint8 (N, S, S, 3) → (N, V), rows sum to 1."""
        return self.field_probabilities(self.features(pictures))

    @torch.inference_mode()
    def field_probabilities(self, features: FloatArray) -> dict[str, FloatArray]:
        """Probabilities of each field's V values: features (N, D) → (N, V), rows sum to 1."""
        logits = self.network.head(torch.from_numpy(features))  # (N, A)
        return {field: logits[:, columns].softmax(1).numpy() for field, columns in self.fields.items()}

    def class_probabilities(self, features: FloatArray) -> FloatArray:
        """Probabilities of the values of the field with the most of them: (N, D) → (N, V), rows sum to 1."""
        largest_field = max(self.fields, key=lambda field: len(self.fields[field]))
        return self.field_probabilities(features)[largest_field]

    def request_vectors(self, requests: Sequence[Request]) -> FloatArray:
        """The attributes that requests name, weighted to sum to 1, or 0 without any: (M, A)."""
        columns = {attribute: column for column, attribute in enumerate(self.attributes)}
        vectors = np.zeros((len(requests), len(columns)), np.float32)
        for row, request in enumerate(requests):
            named = [columns[f"{f}={v}"] for f, v in request.named.items() if f"{f}={v}" in columns]
            vectors[row, named] = 1 / max(len(named), 1)
        return vectors

    def similarity(self, features: FloatArray, vectors: FloatArray) -> FloatArray:
        """Mean probability of the named attributes, 0 … 1: (N, D) and (N, C, A) → (N, C)."""
        probabilities = np.zeros((len(features), len(self.attributes)), np.float32)
        for field, of_field in self.field_probabilities(features).items():
            probabilities[:, self.fields[field]] = of_field
        similarity: FloatArray = np.einsum("nca,na->nc", vectors, probabilities)
        return similarity

    def values(self, field: str) -> list[str]:
        """A field's values in the order of their probabilities: "daisy", "rose" …"""
        return [self.attributes[column].partition("=")[2] for column in self.fields[field]]

    @torch.inference_mode()
    def features(self, pictures: UInt8Array) -> FloatArray:
        """Pooled features before the head: uint8 (N, S, S, 3) → float32 (N, D)."""
        return features_in_batches(pictures, BATCH_SIZE, self.width, self._extract)

    def _extract(self, pictures: UInt8Array) -> Tensor:
        maps = F.silu(self.network.trunk(to_image_tensor(pictures)))  # (n, D, H, W)
        return maps.mean((2, 3))  # (n, D)

    def save(self, folder: Path) -> None:
        """Write the classifier into a folder named by its key, whole or not at all; raises DataError."""
        description = {
            "version": CLASSIFIER_VERSION,
            "attributes": self.attributes,
            "content_hash": self.content_hash,
            "settings": asdict(self.settings),
        }
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=folder, prefix=".unfinished-") as name:
                new = Path(name) / "new"
                new.mkdir()
                weights = {key: tensor.contiguous() for key, tensor in self.network.state_dict().items()}
                save_file(weights, new / WEIGHTS_FILE)
                write_sealed(new / DESCRIPTION_FILE, description | {"sha256": file_sha256(new / WEIGHTS_FILE)})
                shutil.rmtree(folder / self.key, ignore_errors=True)  # a damaged one, or another process's equal one
                rename(new, folder / self.key)
        except OSError as error:
            raise cache_write_error(folder, error) from error


def load_classifier(folder: Path, settings: ClassifierSettings, content_hash: str) -> Classifier | None:
    """Load the classifier saved in `folder` for these settings and images; None if there is none or a damaged one."""
    saved = folder / key_of(settings, content_hash)
    try:
        description = read_sealed(saved / DESCRIPTION_FILE)
        if description["sha256"] != file_sha256(saved / WEIGHTS_FILE):
            return None
        classifier = Classifier(settings, description["attributes"], content_hash)
        classifier.network.load_state_dict(load_file(saved / WEIGHTS_FILE))
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError):
        return None
    return classifier


def key_of(settings: ClassifierSettings, content_hash: str) -> str:
    """Hash of all that a trained classifier depends on."""
    values = asdict(settings)
    # Cards cite classifiers by hashes from before the augmentation was a choice, with this first word.
    if settings.augmentation == "mirrored":
        del values["augmentation"]
    return digest("probe", CLASSIFIER_VERSION, *values.values(), content_hash)[:KEY_LENGTH]


def to_image_tensor(pictures: UInt8Array) -> Tensor:
    """uint8 (N, S, S, 3) → float (N, 3, S, S) in [-1, 1], channels last in memory, which convolves faster."""
    return torch.from_numpy(to_float(pictures)).permute(0, 3, 1, 2)
