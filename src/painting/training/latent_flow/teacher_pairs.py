"""What a student learns from: noise, a caption's text vector, and where the guided flow leads from there.

Computed once into a file, for a guided flow of many steps costs more than the student's own training.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
import torch
from torch import Tensor

from painting.data.array_cache import spans
from painting.data.cache import digest
from painting.data.picture_set import ENDLESS_ID_COUNT
from painting.data.rng import hash_uniform
from painting.latents import latents_of
from painting.models.latent_flow import LatentFlowSampler
from painting.progress import ProgressCallback
from painting.training.array_cache import ProgressCounter, load_tensor, save_tensor, weights_key
from painting.training.batches import CaptionedBatches
from painting.training.rng import Ids
from painting.validation import MAX_STRENGTH

BLOCK = 128
FIRST_SEED = 2**31
"""Pairs start from noise of these seeds on, with which hardly anybody paints: no picture was learned by heart."""
PLAIN_SHARE = 0.6
_STREAM = 301


@dataclass(frozen=True)
class Pairs:
    """Some pairs: noise float (N, Z), text vectors times strength (N, E), and ends of the flow (N, C, G, G)."""

    noise: Tensor
    text: Tensor
    ends: Tensor


class TeacherPairs:
    """`count` pairs of a teacher: a prior, and how its flow is followed.

    Most have the strength 1, the others one from 0, which leaves the prompt out, to `MAX_STRENGTH`: the guidance is so
    many times the sampling's, and the student reads the text vector so many times as long.
    """

    def __init__(self, teacher: LatentFlowSampler, batches: CaptionedBatches, folder: Path, count: int) -> None:
        self.teacher, self.batches, self.folder, self.count = teacher, batches, folder, count
        drawn = hash_uniform(np.arange(count), 4, _STREAM)  # (count, 4)
        self._pictures = (drawn[:, 0] * (batches.data.count or ENDLESS_ID_COUNT)).astype(np.int64)
        self._captions = drawn[:, 1].astype(np.float32)
        self._strengths = np.where(drawn[:, 2] < PLAIN_SHARE, 1, MAX_STRENGTH * drawn[:, 3]).astype(np.float32)
        self._ends: Tensor | None = None  # (count, C, G, G)

    def open(self, report: ProgressCallback | None = None) -> None:
        """Follow the flow for every pair into a file, unless it is there already, and map it.

        `report` is told (pairs made, in all); what it raises ends the work.
        """
        taught = weights_key(self.teacher.prior), str(self.teacher.settings)
        name = digest("pairs", *taught, self.count, self.batches.data.content_hash)
        path = self.folder / f"pairs-{name[:12]}.npy"
        self._ends = load_tensor(path, self.batches.device)
        if self._ends is None:
            save_tensor(path, self._followed(ProgressCounter(report, self.count)))
            self._ends = load_tensor(path, self.batches.device)

    def prepare_timing(self) -> float:
        """Stand in for the ends with nothing; how many seconds it will take to open."""
        some, begun = min(BLOCK, self.count), perf_counter()
        with torch.no_grad():
            ends = self.teacher.integrate(*self._inputs(np.arange(some)))
        self._ends = ends.new_zeros(1).expand(self.count, *ends.shape[1:])
        return (perf_counter() - begun) / some * self.count

    def select(self, ids: Ids) -> Pairs:
        """The pairs with these numbers, 0 … count − 1."""
        assert self._ends is not None, "open() first"
        ends = self._ends[torch.from_numpy(ids).to(self._ends.device)]  # (N, C, G, G)
        noise, text, strength = self._inputs(ids)
        return Pairs(noise, text * strength[:, None], ends.float())

    def _inputs(self, ids: Ids) -> tuple[Tensor, Tensor, Tensor]:
        """Noise (N, Z), text vectors (N, E), strengths (N,)."""
        device, size = self.batches.device, self.teacher.prior.latent_size
        noise = torch.from_numpy(latents_of([FIRST_SEED + int(i) for i in ids], size)).to(device)
        text = self.batches.text_of(self._pictures[ids], self._captions[ids])
        return noise, text, torch.from_numpy(self._strengths[ids]).to(device)

    @torch.no_grad()
    def _followed(self, progress: ProgressCounter) -> Iterator[Tensor]:
        for start, stop in spans(self.count, BLOCK):
            yield self.teacher.integrate(*self._inputs(np.arange(start, stop)))
            progress.add(stop - start)
