"""Where the prior's latents come from: encoded once into a file, or, of an endless set, as they are drawn."""

import hashlib
import os
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from painting.data.pictures_cache import Report
from painting.models.autoencoder import Encoder, LatentScale
from painting.training.batches import Batches, Selection
from painting.training.draws import spread_ids

ENCODE_BATCH = 128
MEASURED = 4096


class LatentStore:
    """Standardised latents (N, C, G, G) of selected pictures."""

    def __init__(self, encoder: Encoder, scale: LatentScale, batches: Batches, folder: Path) -> None:
        self.encoder, self.scale, self.batches = encoder, scale, batches
        self.folder = folder
        self._kept: np.ndarray | None = None  # (count, 2, C, G, G): each picture as it is and mirrored

    def open(self, report: Report | None = None) -> None:
        """Encode a finite set into a file, unless it is there already, and map it; measure the latents' scale.

        `report` is told (pictures encoded, in all), first of none; what it raises ends the encoding, and nothing is
        lost but that.
        """
        count = self.batches.data.count
        path = self.folder / f"latents-{self._fingerprint()}.npy"
        self._kept = None if count is None else _mapped(path)
        missing = count is not None and self._kept is None
        progress = _Progress(report, MEASURED + (2 * count if count is not None and missing else 0))
        self.scale.measure(self._encode(self._measured(), progress))
        if count is not None and missing:
            self._write(path, count, progress)
            self._kept = np.load(path, mmap_mode="r")

    def latents(self, selection: Selection) -> Tensor:
        """Standardised latents float (N, C, G, G)."""
        if self._kept is None:
            return self.scale.standardise(self._encode(selection))
        chosen = self._kept[selection.ids, selection.flips.astype(np.int64)]  # (N, C, G, G)
        return self.scale.standardise(torch.from_numpy(chosen.astype(np.float32)).to(self.batches.device))

    @torch.no_grad()
    def _encode(self, selection: Selection, progress: "_Progress | None" = None) -> Tensor:
        parts = []
        for start, stop in _spans(len(selection.ids)):
            part = Selection(selection.ids[start:stop], selection.flips[start:stop])
            parts.append(self.encoder(self.batches.pictures(part)))
            if progress:
                progress.add(stop - start)
        return torch.cat(parts)  # (N, C, G, G)

    def _measured(self) -> Selection:
        """The pictures that the scale is measured on: evenly spread over a finite set, the first of an endless one."""
        return Selection(spread_ids(MEASURED, self.batches.data.count), np.zeros(MEASURED, dtype=np.bool_))

    def _write(self, path: Path, count: int, progress: "_Progress") -> None:
        """Encode every picture as it is and mirrored, in half floats: their error is far below the flow's noise."""
        part = path.with_suffix(".part")
        with part.open("wb") as file:  # not through a memory map: on a full disk that would kill the process
            for start, stop in _spans(count):
                ids = np.arange(start, stop)
                both = [self._encode(Selection(ids, np.full(len(ids), flip)), progress) for flip in (False, True)]
                block = torch.stack(both, dim=1).cpu().numpy().astype("<f2")  # (n, 2, C, G, G)
                if start == 0:
                    shape = (count, *block.shape[1:])
                    header = {"descr": "<f2", "fortran_order": False, "shape": shape}
                    np.lib.format.write_array_header_1_0(file, header)
                file.write(block.tobytes())
            file.flush()
            os.fsync(file.fileno())  # before its name says that it is whole
        os.replace(part, path)

    def _fingerprint(self) -> str:
        """Names the encoder that the latents come from."""
        digest = hashlib.sha256()
        for tensor in self.encoder.state_dict().values():
            digest.update(tensor.cpu().numpy().tobytes())
        return digest.hexdigest()[:12]


class _Progress:
    """Counts encoded pictures for whoever listens."""

    def __init__(self, report: Report | None, total: int) -> None:
        self.report, self.total, self.done = report, total, 0
        self.add(0)

    def add(self, pictures: int) -> None:
        self.done += pictures
        if self.report:
            self.report(self.done, self.total)


def _mapped(path: Path) -> "np.ndarray | None":
    """The latents in a file; None where it is not there yet, or damaged."""
    try:
        kept: np.ndarray = np.load(path, mmap_mode="r")
    except (FileNotFoundError, ValueError, EOFError):
        return None
    return kept


def _spans(count: int) -> list[tuple[int, int]]:
    return [(start, min(count, start + ENCODE_BATCH)) for start in range(0, count, ENCODE_BATCH)]
