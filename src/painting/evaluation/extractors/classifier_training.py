"""Trains a classifier: a small loop of its own, for evaluation shares nothing with the training that it judges."""

import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor
from torch.optim import AdamW

from painting.data.cache import default_cache
from painting.data.picture_set import ENDLESS, PictureSet
from painting.evaluation.extractors.augment import augment
from painting.evaluation.extractors.classifier import Classifier, ClassifierSettings, load_classifier, to_maps
from painting.progress import ProgressCallback

WARMUP = 0.05
WEIGHT_DECAY = 0.05


def cached_classifier(
    data: PictureSet,
    settings: ClassifierSettings | None = None,
    cache: Path | None = None,
    report: ProgressCallback | None = None,
) -> Classifier:
    """Load the classifier of these pictures from the cache (default: `default_cache()`), or train and keep one there.

    Raises DataError where the cache cannot be written.
    """
    settings, folder = settings or ClassifierSettings(), (cache or default_cache()) / "classifiers"
    classifier = load_classifier(folder, settings, data.content_hash)
    if classifier is None:
        classifier = train_classifier(data, settings, report)
        classifier.save(folder)
    return classifier


def train_classifier(
    data: PictureSet, settings: ClassifierSettings, report: ProgressCallback | None = None
) -> Classifier:
    """Train a classifier on a picture set; the same for the same settings and machine."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        classifier = Classifier(settings, data.attributes, data.content_hash)
    network = classifier.network.to(memory_format=torch.channels_last).train()  # type: ignore[call-overload]
    optimizer = AdamW(network.parameters(), weight_decay=WEIGHT_DECAY, fused=True)
    draws = np.random.default_rng(settings.seed)
    for seen in range(0, settings.images, settings.batch):
        optimizer.param_groups[0]["lr"] = settings.learning_rate * _rate(seen / settings.images)
        ids = draws.integers(0, data.count or ENDLESS, settings.batch)
        logits = network(to_maps(augment(data.pictures(ids), settings.augmentation, draws)))  # (N, A)
        loss = field_loss(logits, torch.from_numpy(data.targets(ids)), classifier)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        if report:
            report(min(seen + settings.batch, settings.images), settings.images)
    network.eval()
    return classifier


def field_loss(logits: Tensor, targets: Tensor, classifier: Classifier) -> Tensor:
    """Cross-entropy between the values of each field, summed over fields: logits and 0/1 targets (N, A) → a scalar.

    A picture without a value in a field adds nothing there.
    """
    losses = [F.cross_entropy(logits[:, places], targets[:, places]) for places in classifier.fields.values()]
    return torch.stack(losses).sum()


def _rate(progress: float) -> float:
    """The learning rate, as a share of its peak: up in a line, then down half a cosine (Loshchilov & Hutter 2017)."""
    if progress < WARMUP:
        return (progress + 0.01) / (WARMUP + 0.01)
    return 0.5 * (1 + math.cos(math.pi * (progress - WARMUP) / (1 - WARMUP)))
