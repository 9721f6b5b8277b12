"""Trains a probe: a small loop of its own, for evaluation shares nothing with the training that it judges."""

import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor
from torch.optim import AdamW

from painting.data.cache import default_cache
from painting.data.picture_set import ENDLESS, PictureSet
from painting.evaluation.extractors.augment import vary
from painting.evaluation.extractors.classifier import Probe, ProbeSettings, load_probe, to_maps
from painting.progress import ProgressCallback

WARMUP = 0.05
WEIGHT_DECAY = 0.05


def cached_probe(
    data: PictureSet,
    settings: ProbeSettings | None = None,
    cache: Path | None = None,
    report: ProgressCallback | None = None,
) -> Probe:
    """The probe of these pictures: the one in the cache (default: `default_cache()`), or a new one that is kept there.

    Raises DataError where the cache cannot be written.
    """
    settings, folder = settings or ProbeSettings(), (cache or default_cache()) / "probes"
    probe = load_probe(folder, settings, data.content_hash)
    if probe is None:
        probe = train_probe(data, settings, report)
        probe.save(folder)
    return probe


def train_probe(data: PictureSet, settings: ProbeSettings, report: ProgressCallback | None = None) -> Probe:
    """Train a probe on a picture set; the same for the same settings and machine."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        probe = Probe(settings, data.attributes, data.content_hash)
    network = probe.network.to(memory_format=torch.channels_last).train()  # type: ignore[call-overload]
    optimizer = AdamW(network.parameters(), weight_decay=WEIGHT_DECAY, fused=True)
    draws = np.random.default_rng(settings.seed)
    for seen in range(0, settings.images, settings.batch):
        optimizer.param_groups[0]["lr"] = settings.learning_rate * _rate(seen / settings.images)
        ids = draws.integers(0, data.count or ENDLESS, settings.batch)
        logits = network(to_maps(vary(data.pictures(ids), settings.varied, draws)))  # (N, A)
        loss = field_loss(logits, torch.from_numpy(data.targets(ids)), probe)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        if report:
            report(min(seen + settings.batch, settings.images), settings.images)
    network.eval()
    return probe


def field_loss(logits: Tensor, targets: Tensor, probe: Probe) -> Tensor:
    """Cross-entropy between the values of each field, summed over fields: logits and 0/1 targets (N, A) → a scalar.

    A picture without a value in a field adds nothing there.
    """
    losses = [F.cross_entropy(logits[:, places], targets[:, places]) for places in probe.fields.values()]
    return torch.stack(losses).sum()


def _rate(progress: float) -> float:
    """The learning rate, as a share of its peak: up in a line, then down half a cosine (Loshchilov & Hutter 2017)."""
    if progress < WARMUP:
        return (progress + 0.01) / (WARMUP + 0.01)
    return 0.5 * (1 + math.cos(math.pi * (progress - WARMUP) / (1 - WARMUP)))
