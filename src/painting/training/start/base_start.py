"""Warm start from a base: what is short on time keeps more of it, and trains the later stages."""

from dataclasses import asdict
from typing import Any

from torch import nn

from painting.training.latent_flow.networks import LatentFlowNetworks
from painting.training.start.base_file import BaseFile
from painting.training.start.fitting import Tensors, fit_weights, picture_channels, with_picture_channels
from painting.training.start.warm_start import TextStandard, WarmStart

AUTOENCODER_STAGE, PRIOR_STAGE = 0, 1
"""The indices of the stages before fine-tuning."""
FINETUNING_ONLY_MINUTES = 20.0
"""A shorter run fine-tunes what the base paints with: a flow learns little in the few minutes that it would get."""
ALL_STAGES_MINUTES = 240.0
"""A longer run trains the autoencoder on too; a shorter one would give it time that the later stages need more."""
DECODER_PREFIX = "decoder."


class BaseStart(WarmStart):
    """The weights of a base, as far as they fit: networks of other widths begin anew."""

    def __init__(self, base: BaseFile) -> None:
        description = base.description
        self.base = base
        self.name = description.name
        self.text = TextStandard(
            description.text_encoder_id,
            description.text_encoder_sha256,
            description.caption_mean,
            description.caption_std,
        )

    def provenance(self) -> dict[str, Any]:
        """The base's name, and what is known of its training."""
        known = asdict(self.base.description)
        return {"painter": self.name} | {name: known[name] for name in ("images_seen", "hours", "data", "licence")}

    def load(self, networks: LatentFlowNetworks, minutes: float | None) -> int:
        """Load the weights of the first stage's networks, and say which that is.

        A run without minutes, and one of some, trains on from the prior's stage, where the autoencoder fits.
        """
        if minutes is not None and minutes < FINETUNING_ONLY_MINUTES and self.load_painter(networks):
            return networks.first_sampling_stage
        self._load_discriminator(networks)
        stored = self.base.networks
        autoencoder = with_picture_channels(stored["autoencoder"], networks.picture_channels)
        is_whole = _fit_both(networks.autoencoder, networks.autoencoder_ema, autoencoder)
        is_whole &= picture_channels(stored["autoencoder"]) >= networks.picture_channels
        _fit_both(networks.prior, networks.prior_ema, stored["prior"])
        if not is_whole or (minutes is not None and minutes >= ALL_STAGES_MINUTES):
            return AUTOENCODER_STAGE
        fit_weights(networks.scale, stored["scale"])
        return PRIOR_STAGE

    def load_painter(self, networks: LatentFlowNetworks) -> bool:
        """Load the fine-tuned prior and decoder, with the encoder, the scale of their latents and the discriminator."""
        self._load_discriminator(networks)
        stored = self.base.networks
        decoder = {f"{DECODER_PREFIX}{name}": tensor for name, tensor in stored["finetuned_decoder"].items()}
        autoencoder = {**stored["autoencoder"], **decoder}
        channels = networks.picture_channels
        is_whole = [
            _fit_both(networks.autoencoder, networks.autoencoder_ema, with_picture_channels(autoencoder, channels)),
            _fit_both(networks.prior, networks.prior_ema, stored["finetuned_prior"]),
            networks.adversaries is not None,
        ]
        if not all(is_whole):
            return False
        return fit_weights(networks.scale, stored["scale"])  # last: what has a scale measures none

    def _load_discriminator(self, networks: LatentFlowNetworks) -> None:
        """Load the discriminator: a new one would learn alone for minutes before it is of use."""
        if networks.adversaries:
            fit_weights(networks.adversaries.mixer, self.base.networks["mixer"])
            fit_weights(networks.adversaries.discriminator, self.base.networks["discriminator"])

    def own_card(self) -> dict[str, Any]:
        """No card: a base is no painter."""
        return {}


def _fit_both(network: nn.Module, ema: nn.Module, stored: Tensors) -> bool:
    """Fit a network and its EMA alike; returns whether all of it was found."""
    fit_weights(network, stored)
    return fit_weights(ema, stored)
