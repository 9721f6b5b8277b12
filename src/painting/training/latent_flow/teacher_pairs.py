"""Teacher pairs: noise, a caption's text vector, and the latents that the guided flow makes of them.

Computed once into a file, for a guided flow of many steps costs more than the student's own training.
Letters: N pairs, Z size of a latent, E width of a text vector, C latent channels, G side of a latent map.
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
from painting.paint.validation import MAX_STRENGTH
from painting.progress import ProgressCallback
from painting.training.dataset.array_cache import ProgressCounter, load_tensor, save_tensor, weights_key
from painting.training.dataset.batches import CaptionedBatches
from painting.training.rng import Ids

PAIRS_PER_BATCH = 128
FIRST_SEED = 2**31
"""The first seed of the pairs' noise: beyond the seeds that people choose, so that hardly any picture is ever painted
from noise that the student was trained on."""
PAIRS_AT_FULL_STRENGTH = 0.6
"""The share of pairs with strength 1; the others' is uniform from 0, which drops the prompt, to MAX_STRENGTH."""
PAIRS_RNG_STREAM = 301
"""Keys the pairs' random numbers, apart from those of other users of `hash_uniform`."""


@dataclass(frozen=True)
class PairBatch:
    """A batch of teacher pairs: a student's inputs and targets."""

    noise: Tensor
    """float (N, Z), standard normal."""
    text: Tensor
    """Text vectors times strength, float (N, E)."""
    targets: Tensor
    """The guided flow's latents, standardised, float (N, C, G, G)."""


class TeacherPairs:
    """`count` pairs of a teacher, a guided flow.

    Each pair has a strength: it multiplies the teacher's guidance and the student's text vector.
    """

    def __init__(self, teacher: LatentFlowSampler, batches: CaptionedBatches, folder: Path, count: int) -> None:
        self.teacher = teacher
        self.batches = batches
        self.folder = folder
        self.count = count
        drawn = hash_uniform(np.arange(count), 4, PAIRS_RNG_STREAM)  # (count, 4)
        self._pictures = (drawn[:, 0] * (batches.data.count or ENDLESS_ID_COUNT)).astype(np.int64)
        self._captions = drawn[:, 1].astype(np.float32)
        self._strengths = np.where(drawn[:, 2] < PAIRS_AT_FULL_STRENGTH, 1, MAX_STRENGTH * drawn[:, 3]).astype(
            np.float32
        )
        self._targets: Tensor | None = None  # (count, C, G, G)

    def open(self, report: ProgressCallback | None = None) -> None:
        """Integrate the flow of every pair into a file, unless it is there already, and map it.

        `report` is called with (pairs computed, in all); what it raises ends the work.
        """
        teacher = weights_key(self.teacher.prior), str(self.teacher.settings)
        name = digest("pairs", *teacher, self.count, self.batches.data.content_hash)
        path = self.folder / f"pairs-{name[:12]}.npy"
        self._targets = load_tensor(path, self.batches.device)
        if self._targets is None:
            save_tensor(path, self._integrate(ProgressCounter(report, self.count)))
            self._targets = load_tensor(path, self.batches.device)

    def prepare_timing(self) -> float:
        """Stand in for the targets with zeros; the seconds that `open` will take."""
        some = min(PAIRS_PER_BATCH, self.count)
        start = perf_counter()
        with torch.no_grad():
            targets = self.teacher.integrate(*self._inputs(np.arange(some)))
        self._targets = targets.new_zeros(1).expand(self.count, *targets.shape[1:])
        return (perf_counter() - start) / some * self.count

    def select(self, ids: Ids) -> PairBatch:
        """The pairs with these numbers, 0 … count − 1."""
        assert self._targets is not None, "open() first"
        targets = self._targets[torch.from_numpy(ids).to(self._targets.device)]  # (N, C, G, G)
        noise, text, strength = self._inputs(ids)
        return PairBatch(noise, text * strength[:, None], targets.float())

    def _inputs(self, ids: Ids) -> tuple[Tensor, Tensor, Tensor]:
        """Noise (N, Z), text vectors (N, E), strengths (N,)."""
        device, size = self.batches.device, self.teacher.prior.latent_size
        noise = torch.from_numpy(latents_of([FIRST_SEED + int(i) for i in ids], size)).to(device)
        text = self.batches.text_of(self._pictures[ids], self._captions[ids])
        return noise, text, torch.from_numpy(self._strengths[ids]).to(device)

    @torch.no_grad()
    def _integrate(self, progress: ProgressCounter) -> Iterator[Tensor]:
        for start, stop in spans(self.count, PAIRS_PER_BATCH):
            yield self.teacher.integrate(*self._inputs(np.arange(start, stop)))
            progress.add(stop - start)
