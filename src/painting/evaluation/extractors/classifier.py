"""Attribute classifier for evaluation: its settings, its figures' protocols and its file format.

`classifier_training` trains it on the training pictures alone. N pictures, S side in px, A attributes, F features.
"""

import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from painting.data.cache import cache_write_error, digest
from painting.evaluation.extractors.augment import Augmentation
from painting.evaluation.extractors.base import Kind
from painting.evaluation.extractors.batched import features_in_batches
from painting.evaluation.prompts import Request
from painting.images import FloatArray, UInt8Array, to_float
from painting.models.autoencoder import AttributeClassifier

VERSION = 1
"""Raised whenever the same settings and pictures would give another classifier."""
BATCH = 128
TENSORS, ABOUT = "classifier.safetensors", "classifier.json"


@dataclass(frozen=True)
class ClassifierSettings:
    """What a classifier depends on besides its pictures; widths and seed are no painter's own classifier's.

    A painter learns from the features of its own classifier, which must therefore not judge it.
    """

    widths: tuple[int, ...] = (24, 64, 112, 160)
    images: int = 40_000
    batch: int = 64
    learning_rate: float = 2e-3
    seed: int = 20_250
    augmentation: Augmentation = "mirrored"
    """Random transformation of each training picture."""


class Classifier:
    """Reads what pictures show; its `name` tells it from every other classifier."""

    kind: Kind = "classifier"
    read_by = "a classifier trained on the training pictures alone"

    def __init__(self, settings: ClassifierSettings, attributes: Sequence[str], content_hash: str) -> None:
        """An untrained classifier for these attributes of the pictures with this content hash."""
        self.settings, self.attributes, self.content_hash = settings, tuple(attributes), content_hash
        self.key = key_of(settings, content_hash)
        self.name = f"classifier-{self.key[:8]}"
        self.fields = fields_of(attributes)
        self.network = AttributeClassifier(settings.widths, len(attributes)).eval()
        self.width: int = self.network.head.in_features

    def read(self, pictures: UInt8Array) -> dict[str, list[str]]:
        """For each field (species, color) the most likely value in each picture: uint8 (N, S, S, 3) → N values."""
        probabilities = self.probabilities(pictures)
        return {
            field: [self.values(field)[best] for best in probabilities[field].argmax(axis=1)] for field in self.fields
        }

    def probabilities(self, pictures: UInt8Array) -> dict[str, FloatArray]:
        """For each field how likely each of its V values is: uint8 (N, S, S, 3) → (N, V), rows sum to 1."""
        return self.field_probabilities(self.features(pictures))

    @torch.inference_mode()
    def field_probabilities(self, features: FloatArray) -> dict[str, FloatArray]:
        """The same from features (N, F)."""
        logits = self.network.head(torch.from_numpy(features))  # (N, A)
        return {field: logits[:, places].softmax(1).numpy() for field, places in self.fields.items()}

    def class_probabilities(self, features: FloatArray) -> FloatArray:
        """How likely each value of the field with the most of them is: (N, F) → (N, V), rows sum to 1."""
        return self.field_probabilities(features)[max(self.fields, key=lambda field: len(self.fields[field]))]

    def request_vectors(self, requests: Sequence[Request]) -> FloatArray:
        """Which attributes requests name, each as a part of all that they name: (M, A)."""
        place = {attribute: index for index, attribute in enumerate(self.attributes)}
        vectors = np.zeros((len(requests), len(place)), np.float32)
        for row, request in enumerate(requests):
            known = [place[f"{f}={v}"] for f, v in request.named.items() if f"{f}={v}" in place]
            vectors[row, known] = 1 / max(len(known), 1)
        return vectors

    def similarity(self, features: FloatArray, vectors: FloatArray) -> FloatArray:
        """How likely what is named is, the mean over fields, 0 … 1: (N, F) and (N, C, A) → (N, C)."""
        likely = np.zeros((len(features), len(self.attributes)), np.float32)
        for field, probabilities in self.field_probabilities(features).items():
            likely[:, self.fields[field]] = probabilities
        fits: FloatArray = np.einsum("nca,na->nc", vectors, likely)
        return fits

    def values(self, field: str) -> list[str]:
        """What a field may be, in the order of its probabilities: "daisy", "rose" …"""
        return [self.attributes[place].partition("=")[2] for place in self.fields[field]]

    @torch.inference_mode()
    def features(self, pictures: UInt8Array) -> FloatArray:
        """What the classifier sees before it names anything: uint8 (N, S, S, 3) → float32 (N, F)."""
        return features_in_batches(pictures, BATCH, self.width, self._seen)

    def _seen(self, pictures: UInt8Array) -> Tensor:
        maps = F.silu(self.network.trunk(to_maps(pictures)))  # (n, F, H, W)
        return maps.mean((2, 3))  # (n, F)

    def save(self, folder: Path) -> None:
        """Keep the classifier in a folder named after its key, whole or not at all; raises DataError."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=folder, prefix=".unfinished-") as name:
                new = Path(name) / "new"
                new.mkdir()
                save_file({key: t.contiguous() for key, t in self.network.state_dict().items()}, new / TENSORS)
                about = {"version": VERSION, "attributes": self.attributes, "content_hash": self.content_hash}
                about |= {"settings": asdict(self.settings)}
                (new / ABOUT).write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
                shutil.rmtree(folder / self.key, ignore_errors=True)  # a damaged one, or another process's equal one
                new.rename(folder / self.key)
        except OSError as error:
            raise cache_write_error(folder, error) from error


def load_classifier(folder: Path, settings: ClassifierSettings, content_hash: str) -> Classifier | None:
    """The classifier kept in `folder` for these settings and pictures; None where there is none or a damaged one."""
    kept = folder / key_of(settings, content_hash)
    try:
        about = json.loads((kept / ABOUT).read_text(encoding="utf-8"))
        classifier = Classifier(settings, about["attributes"], content_hash)
        classifier.network.load_state_dict(load_file(kept / TENSORS))
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError):
        return None
    return classifier


def key_of(settings: ClassifierSettings, content_hash: str) -> str:
    """One hash of all that a trained classifier depends on."""
    told = asdict(settings)
    if settings.augmentation == "mirrored":
        del told["augmentation"]  # hashes in cards are older than the choice
    return digest("probe", VERSION, *told.values(), content_hash)[:32]  # the first word keeps the hashes in cards


def fields_of(attributes: Sequence[str]) -> dict[str, NDArray[np.int64]]:
    """Where each field's values stand among the attributes: {"species": [7, 8, …], "color": [0, 1, …]}."""
    places: dict[str, list[int]] = {}
    for place, attribute in enumerate(attributes):
        places.setdefault(attribute.partition("=")[0], []).append(place)
    return {field: np.array(of_field) for field, of_field in places.items()}


def to_maps(pictures: UInt8Array) -> Tensor:
    """uint8 (N, S, S, 3) → float (N, 3, S, S) in [-1, 1], channels last in memory: convolutions run faster so."""
    return torch.from_numpy(to_float(pictures)).permute(0, 3, 1, 2)
