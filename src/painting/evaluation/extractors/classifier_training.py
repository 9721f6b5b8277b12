"""Training of the evaluation's classifier, by a loop that shares nothing with the training under evaluation.

B images in a batch, A attributes.
"""

import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor
from torch.optim import AdamW

from painting.data.cache import default_cache
from painting.data.picture_set import ENDLESS_ID_COUNT, PictureSet
from painting.errors import DataError
from painting.evaluation.extractors.augment import augment
from painting.evaluation.extractors.classifier import (
    Classifier,
    ClassifierSettings,
    load_classifier,
    to_image_tensor,
)
from painting.progress import TaskProgressCallback, no_progress

WARMUP_FRACTION = 0.05
"""Of all images, over which the learning rate rises."""
INITIAL_FRACTION = 0.01
"""Added to the progress during warm-up, so that the first learning rate is above 0."""
WEIGHT_DECAY = 0.05
CLASSIFIERS_FOLDER = "classifiers"
TRAINING_TASK = "training the classifier, once for these pictures"


class NoAttributes(DataError):
    """Images whose captions have nothing in common that a classifier could predict."""


def cached_classifier(
    data: PictureSet,
    settings: ClassifierSettings | None = None,
    cache: Path | None = None,
    report: TaskProgressCallback = no_progress,
) -> Classifier:
    """Load the classifier of these images from the cache (default: `default_cache()`), or train and save one there.

    Raises DataError where the cache cannot be written, NoAttributes where there is nothing to predict.
    """
    if not data.attributes:
        raise NoAttributes(
            "there is nothing to train a classifier on: the training pictures have no labels, and no words that some "
            "of their captions have and others lack"
        )
    settings = settings or ClassifierSettings()
    folder = (cache or default_cache()) / CLASSIFIERS_FOLDER
    classifier = load_classifier(folder, settings, data.content_hash)
    if classifier is None:
        classifier = train_classifier(data, settings, report)
        classifier.save(folder)
    return classifier


def train_classifier(
    data: PictureSet, settings: ClassifierSettings, report: TaskProgressCallback = no_progress
) -> Classifier:
    """Train a classifier on a picture set; the same for the same settings and machine."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        classifier = Classifier(settings, data.attributes, data.content_hash)
    network = classifier.network.to(memory_format=torch.channels_last).train()  # type: ignore[call-overload]
    optimizer = AdamW(network.parameters(), weight_decay=WEIGHT_DECAY, fused=True)
    generator = np.random.default_rng(settings.seed)
    for done in range(0, settings.images, settings.batch):
        optimizer.param_groups[0]["lr"] = settings.learning_rate * _lr_factor(done / settings.images)
        ids = generator.integers(0, data.count or ENDLESS_ID_COUNT, settings.batch)  # (B,)
        images = augment(data.pictures(ids), settings.augmentation, generator)
        logits = network(to_image_tensor(images))  # (B, A)
        loss = field_loss(logits, torch.from_numpy(data.targets(ids)), classifier)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        report(TRAINING_TASK, min(done + settings.batch, settings.images), settings.images)
    network.eval()
    return classifier


def field_loss(logits: Tensor, targets: Tensor, classifier: Classifier) -> Tensor:
    """Cross-entropy over the values of each field, summed over fields: logits and 0/1 targets (B, A) → a scalar.

    An image without a value in a field adds nothing there.
    """
    losses = [F.cross_entropy(logits[:, columns], targets[:, columns]) for columns in classifier.fields.values()]
    return torch.stack(losses).sum()


def _lr_factor(progress: float) -> float:
    """Learning rate as a fraction of its peak: linear warm-up, then half a cosine to 0 (Loshchilov & Hutter 2017)."""
    if progress < WARMUP_FRACTION:
        return (progress + INITIAL_FRACTION) / (WARMUP_FRACTION + INITIAL_FRACTION)
    return 0.5 * (1 + math.cos(math.pi * (progress - WARMUP_FRACTION) / (1 - WARMUP_FRACTION)))
