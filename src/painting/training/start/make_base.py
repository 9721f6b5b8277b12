"""Making a base of a finished run: the networks as each of its stages left them."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import torch
from torch import Tensor

from painting.errors import TrainingError, error_reason
from painting.training.export.card import DATA_FIELD, LICENCE_FIELD, stage_images
from painting.training.latent_flow.networks import LatentFlowNetworks
from painting.training.registry import build_networks
from painting.training.run.checkpoint import Position, TrainingState, load_position, load_tensors
from painting.training.run.folder import RunFolder, RunInfo
from painting.training.run.kept_network import DamagedTensors, read_kept
from painting.training.run.snapshots import NETWORKS_FOLDER, list_snapshots
from painting.training.start.base_file import BaseDescription, BaseFile


def make_base(run: Path, output: Path, card_fields: Mapping[str, str] = MappingProxyType({})) -> None:
    """Write a run's base; `card_fields` say what its pictures are (`data`) and their `licence`.

    Raises TrainingError where the run has not trained all stages from the autoencoder on to fine-tuning, or where
    its snapshots, which keep the earlier stages' networks, are missing.
    """
    folder = RunFolder(run)
    info = folder.info()
    networks = build_networks(info.preset, info.dataset)
    if not isinstance(networks, LatentFlowNetworks) or networks.adversaries is None or info.first_stage > 0:
        raise TrainingError(
            f"{run} has not trained an autoencoder, a prior and their fine-tuning: take a run that did."
        )
    position = _restore(folder, networks)
    base = BaseFile(
        _describe(folder, info, position, output.stem, card_fields),
        {
            "autoencoder": _last_snapshot(folder, "autoencoder_ema"),
            "scale": networks.scale.state_dict(),
            "prior": _last_snapshot(folder, "prior_ema"),
            "finetuned_prior": networks.prior_ema.state_dict(),
            "finetuned_decoder": networks.autoencoder_ema.decoder.state_dict(),
            "mixer": networks.adversaries.mixer.state_dict(),
            "discriminator": networks.adversaries.discriminator.state_dict(),
        },
    )
    base.write(output)


def _restore(folder: RunFolder, networks: LatentFlowNetworks) -> Position:
    found = load_position(folder.checkpoints)
    if found is None or (found[0].stage_index, found[0].step) <= (networks.first_sampling_stage, 0):
        raise TrainingError(f"{folder.path} has not begun fine-tuning yet: train it on.")
    position, checkpoint = found
    TrainingState(networks.named, {}).restore(load_tensors(checkpoint, torch.device("cpu")))
    return position


def _last_snapshot(folder: RunFolder, name: str) -> dict[str, Tensor]:
    """The tensors of a network as its stage left them."""
    snapshots = list_snapshots(folder.saved / NETWORKS_FOLDER, name)
    if not snapshots:
        raise TrainingError(f"{folder.path} has kept no snapshot of {name}: train with --snapshots 1 or more.")
    _, path = snapshots[-1]
    try:
        return read_kept(path)[0]
    except (OSError, DamagedTensors) as error:
        raise TrainingError(f"{path} cannot be read: {error_reason(error)}.") from error


def _describe(
    folder: RunFolder, info: RunInfo, position: Position, name: str, card_fields: Mapping[str, str]
) -> BaseDescription:
    dataset = info.dataset
    before = info.warm_start or {}
    return BaseDescription(
        name=name,
        text_encoder_id=dataset.text_encoder_id or "",
        text_encoder_sha256=dataset.text_encoder_sha256 or "",
        caption_mean=dataset.caption_mean,
        caption_std=dataset.caption_std,
        images_seen=stage_images(folder, position, before),
        hours=round(position.seconds / 3600 + before.get("hours", 0.0), 2),
        data=card_fields.get(DATA_FIELD, before.get(DATA_FIELD, "")),
        licence=card_fields.get(LICENCE_FIELD, before.get(LICENCE_FIELD, "")),
    )
