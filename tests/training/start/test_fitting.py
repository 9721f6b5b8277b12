import itertools
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from painting.models.autoencoder import Autoencoder
from painting.training.start.fitting import fit_weights, with_picture_channels

WIDTHS = (8, 16, 24)


def autoencoder(widths: tuple[int, ...] = WIDTHS, channels: int = 3) -> Autoencoder:
    made = Autoencoder(2, widths, widths[::-1], channels)
    for weight in made.parameters():
        nn.init.normal_(weight, std=0.2)
    return made.eval()


def same(one: dict[str, Tensor], other: dict[str, Tensor], prefix: str) -> bool:
    names = [name for name in one if name.startswith(prefix)]
    assert names
    return all(torch.equal(one[name], other[name]) for name in names)


def pictures(channels: int = 3) -> Tensor:
    return torch.rand(2, channels, 64, 64, generator=torch.Generator().manual_seed(0)) * 2 - 1


def test_a_network_of_the_same_shape_is_the_same_afterwards() -> None:
    one, other = autoencoder(), autoencoder()
    assert fit_weights(other, one.state_dict())
    assert same(one.state_dict(), other.state_dict(), "")


def test_half_the_side_lacks_the_stages_that_are_the_farthest_from_the_latent() -> None:
    large, small = autoencoder(), autoencoder(WIDTHS[1:])
    before = {name: tensor.clone() for name, tensor in small.state_dict().items()}
    assert not fit_weights(small, large.state_dict())
    was, now = large.state_dict(), small.state_dict()
    # Stage 1 of two halves what stage 2 of three did; both decoders begin at the latent map.
    inner = {name: name.replace("stages.2.", "stages.1.") for name in was if "encoder.stages.2." in name}
    assert all(torch.equal(now[new], was[old]) for old, new in inner.items())
    assert same(now, was, "decoder.conv_in") and same(now, was, "decoder.stages.0")
    assert same(now, before, "encoder.stages.0.0.weight") and same(now, before, "decoder.out.2.weight")


def test_layers_of_other_widths_begin_anew() -> None:
    wide, narrow = autoencoder((8, 16, 32)), autoencoder()
    assert not fit_weights(narrow, wide.state_dict())
    assert same(narrow.state_dict(), wide.state_dict(), "encoder.stages.1")


def reconstruct(network: Autoencoder, x: Tensor) -> Tensor:
    with torch.no_grad():
        decoded: Tensor = network.decoder(network.encoder(x), torch.zeros(2, 2 * 64))
    return decoded


def first_layer(network: Autoencoder) -> nn.Module:
    return network.encoder.get_submodule("stages.0.0")


def changed(network: Autoencoder, channels: int) -> Autoencoder:
    other = autoencoder(channels=channels)
    assert fit_weights(other, with_picture_channels(network.state_dict(), channels))
    return other


def test_an_autoencoder_of_rgb_takes_and_paints_opaque_pictures() -> None:
    rgb = autoencoder()
    rgba = changed(rgb, 4)
    opaque = torch.cat([pictures(), torch.ones(2, 1, 64, 64)], dim=1)
    both = reconstruct(rgba, opaque)
    torch.testing.assert_close(both[:, :3], reconstruct(rgb, pictures()))
    torch.testing.assert_close(both[:, 3], torch.ones(2, 64, 64))


def test_without_alpha_pictures_are_read_as_opaque_ones() -> None:
    rgba = autoencoder(channels=4)
    rgb = changed(rgba, 3)
    opaque = torch.cat([pictures(), torch.ones(2, 1, 64, 64)], dim=1)
    inner = slice(2, -2)  # at the borders, zeros beside an opaque picture are no opaque ones
    with torch.no_grad():
        latents = [first_layer(network)(x) for network, x in ((rgba, opaque), (rgb, pictures()))]
    torch.testing.assert_close(latents[0][..., inner, inner], latents[1][..., inner, inner])
    with torch.no_grad():
        maps = torch.randn(2, 2, 8, 8, generator=torch.Generator().manual_seed(1))
        decoded = [network.decoder(maps, torch.zeros(2, 2 * 64)) for network in (rgba, rgb)]
    torch.testing.assert_close(decoded[0][:, :3], decoded[1])


@pytest.mark.parametrize("channels", [3, 4])
def test_the_same_channels_change_nothing(channels: int) -> None:
    tensors: dict[str, Any] = autoencoder(channels=channels).state_dict()
    kept = with_picture_channels(tensors, channels)
    assert all(kept[name] is tensors[name] for name in itertools.chain(tensors, kept))
