"""Networks in Hugging Face's layout: from a folder, the hub's cache or the hub. N pictures, S side in px."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from painting.evaluation.extractors.base import WeightsMissing
from painting.files.archive import file_sha256
from painting.images import UInt8Array

CONFIG, PREPROCESSOR = "config.json", "preprocessor_config.json"
WEIGHTS = ("model.safetensors", "pytorch_model.bin")


@dataclass(frozen=True)
class HubModel:
    """A model on the hub, and which of its files are needed."""

    name: str
    files: tuple[str, ...] = ()
    """Besides config, preprocessor and weights."""


def find_folder(model: HubModel, given: str | None, download: bool) -> Path:
    """The folder of a model: `given`, or what the hub's cache holds, or a download; raises WeightsMissing.

    `given`: a folder in Hugging Face's layout, or another model's name on the hub.
    """
    if given and Path(given).is_dir():
        return Path(given)
    name = given or model.name
    try:
        from huggingface_hub import snapshot_download

        files = [CONFIG, PREPROCESSOR, *WEIGHTS[:1], *model.files]
        return Path(snapshot_download(name, allow_patterns=files, local_files_only=not download))
    except ImportError as problem:
        raise WeightsMissing(f"{name} needs the clip extra: pip install 'painting[clip]'") from problem
    except Exception as problem:  # what the network, the hub and its library raise share no base but Exception
        why = _first_line(problem) if download else "not in the hub's cache"
        raise WeightsMissing(
            f"the weights of {name} are not here ({why}): where there is a network, run: "
            f"hf download {name} --local-dir {name.rpartition('/')[2]}; bring that folder here and name it"
        ) from problem


def load_model(kind: Any, folder: Path) -> Any:
    """A network of one of transformers' classes, whole, from its folder alone; raises WeightsMissing."""
    from transformers.utils import logging

    logging.set_verbosity_error()  # type: ignore[no-untyped-call]  # what is wrong is told once, by us
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        model, loading = kind.from_pretrained(
            folder, dtype=torch.float32, output_loading_info=True, local_files_only=True
        )
    except Exception as problem:  # transformers, safetensors and torch share no base but Exception
        raise WeightsMissing(f"cannot load a {kind.__name__} from {folder}: {_first_line(problem)}") from problem
    lacking = sorted([*loading["missing_keys"], *(key for key, *_ in loading["mismatched_keys"])])
    if lacking:
        raise WeightsMissing(
            f"the weights in {folder} lack {len(lacking)} parts of a {kind.__name__}, for example {lacking[0]}"
        )
    return model.eval()


def weights_hash(folder: Path) -> str:
    """The hash of a model's config and weights, in however many files."""
    files = sorted(path for path in folder.iterdir() if path.suffix in {".safetensors", ".bin"} or path.name == CONFIG)
    return hashlib.sha256("".join(file_sha256(path) for path in files).encode()).hexdigest()


def plain_name(folder: Path) -> str:
    """What to call a model by its folder: the hub's cache keeps "models--owner--name/snapshots/…"."""
    cached = [part.rpartition("--")[2] for part in folder.parts if part.startswith("models--")]
    return cached[-1] if cached else folder.resolve().name


@dataclass(frozen=True)
class Preparation:
    """How a model wants its pictures."""

    side: int
    mean: tuple[float, ...]
    std: tuple[float, ...]

    def prepare(self, pictures: UInt8Array, device: str) -> Tensor:
        """Resized as Pillow's bicubic filter does, and standardised: uint8 (N, S, S, 3) → float (N, 3, side, side)."""
        levels = torch.from_numpy(pictures).to(device).permute(0, 3, 1, 2).float()
        resized = F.interpolate(levels, (self.side, self.side), mode="bicubic", antialias=True, align_corners=False)
        mean, std = (torch.tensor(values, device=device)[:, None, None] for values in (self.mean, self.std))
        return (resized.clamp(0, 255) / 255 - mean) / std


def preparation(folder: Path, side: int, mean: Sequence[float], std: Sequence[float]) -> Preparation:
    """What a model's folder says of its pictures' mean and spread, else these."""
    try:
        told = json.loads((folder / PREPROCESSOR).read_text(encoding="utf-8"))
        mean, std = told["image_mean"], told["image_std"]
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return Preparation(side, tuple(map(float, mean)), tuple(map(float, std)))


def _first_line(problem: Exception) -> str:
    lines = str(problem).strip().splitlines()
    return lines[0][:200].rstrip(". ") if lines else type(problem).__name__
