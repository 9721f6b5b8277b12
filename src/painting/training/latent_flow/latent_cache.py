"""Cache of encoder latents: a finite set is encoded once into a file, an endless one as it is drawn."""

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import numpy as np
import torch
from torch import Tensor

from painting.data.array_cache import spans
from painting.models.autoencoder import Encoder, LatentScale
from painting.progress import ProgressCallback
from painting.training.dataset.array_cache import ProgressCounter, load_tensor, save_tensor, weights_key
from painting.training.dataset.batches import Batches, Selection
from painting.training.rng import evenly_spaced_ids

ENCODE_BATCH = 128
SCALE_SAMPLE_SIZE = 4096
"""How many pictures' latents the scale is measured on."""


class LatentCache:
    """Standardised latents (N, C, G, G) of selected pictures."""

    def __init__(self, encoder: Encoder, scale: LatentScale, batches: Batches, folder: Path) -> None:
        self.encoder = encoder
        self.scale = scale
        self.batches = batches
        self.folder = folder
        self._flips = (False, True) if batches.flip else (False,)
        self._latents: Tensor | None = None  # (count, F, C, G, G): each picture as it is and, for F = 2, mirrored

    @property
    def pictures(self) -> int:
        """Of a finite set, those to encode; mirrored ones count by themselves."""
        return len(self._flips) * (self.batches.data.count or 0)

    def open(self, report: ProgressCallback | None = None) -> None:
        """Encode a finite set into a file, unless it is there already, and map it; measure the latents' scale, if it
        is not known.

        `report` is called with (pictures encoded, in all), first with none; what it raises ends the encoding, and
        nothing else is lost.
        """
        count = self.batches.data.count
        path = self.folder / f"latents-{weights_key(self.encoder)}-{len(self._flips)}.npy"
        self._latents = None if count is None else load_tensor(path, self.batches.device)
        missing = count is not None and self._latents is None
        sample = 0 if self.scale.is_measured else SCALE_SAMPLE_SIZE
        total = sample + (self.pictures if missing else 0)
        progress = ProgressCounter(report if total else None, total)
        if sample:  # a base's prior knows latents by the base's own scale
            self.scale.measure(self._encode(self._scale_sample(), progress))
        if count is not None and missing:
            save_tensor(path, self._encode_all(count, progress))
            self._latents = load_tensor(path, self.batches.device)

    def prepare_timing(self) -> float:
        """Stand in for the latents of a finite set with zeros; the seconds that `open` will take."""
        count = self.batches.data.count
        start = perf_counter()
        some = min(ENCODE_BATCH, count or ENCODE_BATCH)
        encoded = self._encode(Selection.unmirrored(evenly_spaced_ids(some, count)))
        seconds = (perf_counter() - start) / some
        if count is None:
            return seconds * SCALE_SAMPLE_SIZE
        self._latents = encoded.new_zeros(1).expand(count, len(self._flips), *encoded.shape[1:])
        return seconds * (SCALE_SAMPLE_SIZE + self.pictures)

    def latents(self, selection: Selection) -> Tensor:
        """Standardised latents float (N, C, G, G)."""
        if self._latents is None:
            return self.scale.standardise(self._encode(selection))
        places = torch.from_numpy(selection.ids), torch.from_numpy(selection.flips.astype(np.int64))
        chosen = self._latents[tuple(place.to(self._latents.device) for place in places)]  # (N, C, G, G)
        return self.scale.standardise(chosen.float())

    @torch.no_grad()
    def _encode(self, selection: Selection, progress: ProgressCounter | None = None) -> Tensor:
        parts = []
        for start, stop in spans(len(selection.ids), ENCODE_BATCH):
            part = Selection(selection.ids[start:stop], selection.flips[start:stop])
            parts.append(self.encoder(self.batches.pictures(part)))
            if progress:
                progress.add(stop - start)
        return torch.cat(parts)  # (N, C, G, G)

    def _scale_sample(self) -> Selection:
        """The pictures that the scale is measured on: evenly spaced in a finite set, the first of an endless one."""
        return Selection.unmirrored(evenly_spaced_ids(SCALE_SAMPLE_SIZE, self.batches.data.count))

    def _encode_all(self, count: int, progress: ProgressCounter) -> Iterator[Tensor]:
        """Latents of every picture as it is and, where some are flipped, mirrored: (n, F, C, G, G)."""
        for start, stop in spans(count, ENCODE_BATCH):
            ids = np.arange(start, stop)
            each = [self._encode(Selection(ids, np.full(len(ids), flip)), progress) for flip in self._flips]
            yield torch.stack(each, dim=1)
