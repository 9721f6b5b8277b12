"""Stored latents are those that the encoder gives, within half precision, and are written whole or not at all."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from tests.damage import damage_file, each_damage
from torch import Tensor

from painting.data.array_cache import DamagedCacheWarning, write_array
from painting.data.cache import UNFINISHED_PREFIX
from painting.training.dataset.batches import Batches, Selection
from painting.training.latent_flow.latent_cache import LatentCache
from painting.training.latent_flow.networks import LatentFlowNetworks

SOME = Selection(np.array([3, 3, 20, 7]), np.array([False, True, True, False]))
MakeStore = Callable[[Batches], LatentCache]


@pytest.fixture
def make_store(networks: LatentFlowNetworks, tmp_path: Path) -> MakeStore:
    return lambda batches: LatentCache(networks.autoencoder_ema.encoder, networks.scale, batches, tmp_path)


@torch.no_grad()
def encoded(networks: LatentFlowNetworks, batches: Batches) -> Tensor:
    latents: Tensor = networks.autoencoder_ema.encoder(batches.pictures(SOME))
    return networks.scale.standardise(latents)


def test_stored_latents_are_freshly_encoded_ones_plain_and_mirrored(
    make_store: MakeStore, networks: LatentFlowNetworks, batches: Batches
) -> None:
    store = make_store(batches)
    store.open()
    latents = store.latents(SOME)
    assert latents.shape == (4, 2, 8, 8) and latents.dtype == torch.float32
    torch.testing.assert_close(latents, encoded(networks, batches), atol=5e-3, rtol=2e-3)
    assert (latents[0] - latents[1]).abs().max() > 0.1


def test_pictures_that_are_never_flipped_are_encoded_once(make_store: MakeStore, batches: Batches) -> None:
    unflipped = Batches(batches.data, flip=False, device=batches.device)
    flipped, plain = make_store(batches), make_store(unflipped)
    assert flipped.pictures == 2 * plain.pictures
    flipped.open()
    plain.open()
    some = Selection.unmirrored(SOME.ids)
    assert torch.equal(plain.latents(some), flipped.latents(some))


def test_more_pictures_than_are_encoded_at_once_keep_their_places(
    make_store: MakeStore, networks: LatentFlowNetworks, batches: Batches, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("painting.training.latent_flow.latent_cache.ENCODE_BATCH", 7)
    store = make_store(batches)
    store.open()
    torch.testing.assert_close(store.latents(SOME), encoded(networks, batches), atol=5e-3, rtol=2e-3)


def test_opening_measures_the_scale_so_that_latents_are_standard(make_store: MakeStore, batches: Batches) -> None:
    store = make_store(batches)
    store.open()
    latents = store.latents(Selection(np.arange(24), np.zeros(24, np.bool_)))
    torch.testing.assert_close(latents.mean((0, 2, 3)), torch.zeros(2), atol=5e-3, rtol=0)
    torch.testing.assert_close(latents.std((0, 2, 3)), torch.ones(2), atol=1e-2, rtol=0)


def test_a_second_opening_uses_the_file(make_store: MakeStore, batches: Batches, tmp_path: Path) -> None:
    make_store(batches).open()
    (path,) = tmp_path.iterdir()
    kept = np.load(path)
    kept[3] = 0
    write_array(path, [kept])
    store = make_store(batches)
    store.open()
    one, mirrored = store.latents(Selection(np.array([3, 3]), np.array([False, True])))
    assert torch.equal(one, mirrored)


def test_another_encoder_is_not_served_the_old_latents(
    make_store: MakeStore, networks: LatentFlowNetworks, batches: Batches, tmp_path: Path
) -> None:
    make_store(batches).open()
    with torch.no_grad():
        networks.autoencoder_ema.encoder.get_parameter("out.2.weight").mul_(-2)
    store = make_store(batches)
    store.open()
    assert len(list(tmp_path.iterdir())) == 2
    torch.testing.assert_close(store.latents(SOME), encoded(networks, batches), atol=5e-3, rtol=2e-3)


def test_what_a_kill_left_half_written_is_ignored_and_written_anew(
    make_store: MakeStore, networks: LatentFlowNetworks, batches: Batches, tmp_path: Path
) -> None:
    (tmp_path / f"{UNFINISHED_PREFIX}of-a-killed-run").write_bytes(b"half")
    store = make_store(batches)
    store.open()
    (path,) = tmp_path.iterdir()
    assert path.suffix == ".npy"
    torch.testing.assert_close(store.latents(SOME), encoded(networks, batches), atol=5e-3, rtol=2e-3)


@each_damage
def test_a_damaged_file_is_reported_and_written_anew(
    make_store: MakeStore, batches: Batches, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    store = make_store(batches)
    store.open()
    (path,) = tmp_path.iterdir()
    written = path.read_bytes()
    damage_file(path, damage)
    with pytest.warns(DamagedCacheWarning):
        make_store(batches).open()
    assert path.read_bytes() == written


def test_an_endless_set_is_encoded_as_it_is_drawn(
    make_store: MakeStore, networks: LatentFlowNetworks, endless_batches: Batches, tmp_path: Path
) -> None:
    store = make_store(endless_batches)
    store.open()
    assert not list(tmp_path.iterdir())
    torch.testing.assert_close(store.latents(SOME), encoded(networks, endless_batches))


def test_encoding_reports_its_progress(
    make_store: MakeStore, batches: Batches, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("painting.training.latent_flow.latent_cache.ENCODE_BATCH", 24)
    calls: list[tuple[int, int]] = []
    make_store(batches).open(lambda done, of: calls.append((done, of)))
    assert calls == [(0, 96), (24, 96), (48, 96), (72, 96), (96, 96)]  # 48 measured, 24 stored plain and mirrored
    calls.clear()
    make_store(batches).open(lambda done, of: calls.append((done, of)))
    assert calls == []  # both are known


@pytest.mark.parametrize("batch", [1, 4])
def test_encoding_can_be_stopped_anywhere_and_done_later(
    make_store: MakeStore, networks: LatentFlowNetworks, batches: Batches, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr("painting.training.latent_flow.latent_cache.ENCODE_BATCH", 24)
    calls: list[int] = []

    def stop(done: int, of: int) -> None:
        calls.append(done)
        if len(calls) > batch:
            raise InterruptedError

    store = make_store(batches)
    with pytest.raises(InterruptedError):
        store.open(stop)
    assert calls[-1] == 24 * batch
    store.open()
    torch.testing.assert_close(store.latents(SOME), encoded(networks, batches), atol=5e-3, rtol=2e-3)


def test_it_is_foreseen_that_every_picture_is_encoded_both_ways_and_some_are_measured(
    make_store: MakeStore, batches: Batches, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = iter(range(0, 100, 24))  # one second a picture, of 24
    monkeypatch.setattr("painting.training.latent_flow.latent_cache.perf_counter", lambda: next(seconds))
    store = make_store(batches)
    assert store.prepare_timing() == 48 + 2 * 24
