"""The benchmark of training: both sides learn the same from the same pictures, and its arithmetic is right."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from benchmarks.measuring import Lap
from benchmarks.plain_loop import PicturesFromDisk
from benchmarks.train import (
    CPU,
    PARTS,
    OurSide,
    PlainSide,
    Preparation,
    chosen_preset,
    compare,
    draw_folder,
    prepared,
    report,
    summary,
)
from PIL import Image

from painting.data.prepared import PreparedSet
from painting.errors import DataError
from painting.text.encoder import TextEncoder
from painting.training.config.gan import TacGanPreset
from painting.training.dataset.batches import TrainingData
from painting.training.gan import stage, tac_gan
from painting.training.gan.losses import NO_CLASS
from painting.training.rng import RngKey

pytestmark = pytest.mark.slow

PICTURES, SIZE, BATCH = 12, 16, 4


@pytest.fixture
def preset() -> TacGanPreset:
    """Tiny networks, and labels without noise."""
    made = chosen_preset("minilm-l6", BATCH)
    data, gan = replace(made.data, size=SIZE), replace(made.gan, min_real_label=1.0)
    return replace(made, generator_widths=(8, 4), discriminator_widths=(4,), data=data, gan=gan)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "drawn"
    path.mkdir()
    draw_folder(path, PICTURES, SIZE)
    return path


@pytest.fixture
def data(folder: Path, preset: TacGanPreset, tmp_path: Path) -> PreparedSet:
    return prepared(preset, folder, tmp_path / "cache")[0]


@pytest.fixture
def ours(preset: TacGanPreset, data: PreparedSet, text_encoder: TextEncoder, tmp_path: Path) -> OurSide:
    return OurSide(preset, TrainingData.of(data, text_encoder, CPU, tmp_path))


@pytest.fixture
def plain(preset: TacGanPreset, data: PreparedSet) -> PlainSide:
    return PlainSide(preset, data, TextEncoder.load())


def lap(seconds: float, processor_seconds: float, **parts: float) -> Lap:
    return Lap(seconds, processor_seconds, parts)


def test_both_sides_learn_the_same_from_the_same_batches(ours: OurSide, plain: PlainSide) -> None:
    for number in range(3):
        key = RngKey(0, "gan", number)
        drawn = ours.stage.draw_batch(key)
        assert drawn.is_mismatched.all(), "only a neighbour that shows something else makes both losses the same"
        losses = ours.stage.step(key)
        batch = (drawn.pictures.contiguous(), drawn.text, drawn.classes)
        discriminator_loss, generator_loss = plain.loop.learn(batch, ours.stage.latents(key))
        assert float(discriminator_loss) == pytest.approx(float(losses["discriminator_loss"]), rel=1e-3)
        assert float(generator_loss) == pytest.approx(float(losses["generator_loss"]), rel=1e-3)
    pairs = zip(ours.stage.networks.generator.parameters(), plain.loop.generator.parameters(), strict=True)
    assert all(torch.allclose(mine, theirs, atol=1e-3) for mine, theirs in pairs)


def test_both_sides_train_on_the_same_pictures_and_classes(
    preset: TacGanPreset, data: PreparedSet, plain: PlainSide
) -> None:
    read = plain.loop.pictures
    pixels = torch.from_numpy(data.pictures(torch.arange(PICTURES).numpy())).permute(0, 3, 1, 2)
    targets = torch.from_numpy(data.targets(torch.arange(PICTURES).numpy()))
    for number in range(PICTURES):
        picture, text, class_number = read[number]
        right = pixels[number] / 127.5 - 1
        assert torch.allclose(picture, right) or torch.allclose(picture, right.flip(2))
        assert text.shape == (384,)
        name = next(name for name, place in read.classes.items() if place == class_number)
        assert targets[number, data.attributes.index(name)] == 1


def test_the_plain_side_reads_its_files_each_time(plain: PlainSide, folder: Path) -> None:
    before, _, _ = plain.loop.pictures[0]
    Image.new("RGB", (2 * SIZE, SIZE), "white").save(folder / "00000.jpg")
    after, _, _ = plain.loop.pictures[0]
    assert after.shape == before.shape
    assert (after == 1).all() and not (before == 1).all()


def test_a_picture_without_a_known_class_has_none(data: PreparedSet, text_encoder: TextEncoder) -> None:
    _, _, class_number = PicturesFromDisk(data.examples, ["species=rose"], text_encoder, SIZE)[0]
    assert class_number == NO_CLASS


def test_a_comparison_times_every_part_of_both_sides(preset: TacGanPreset, folder: Path) -> None:
    found = compare(preset, folder, rounds=2, threads=1)
    assert found["preparation"]["pictures"] == PICTURES
    for side in ("ours", "plain"):
        parts = found[side]["parts_ms"]
        assert [key for key, time in parts.items() if time <= 0] == ([] if side == "ours" else ["average"])
        assert set(parts) == {key for key, _ in PARTS}
        assert found[side]["images_per_second"]["median"] > 0
    assert "times faster" in report(found)


def test_watching_our_loop_leaves_nothing_behind(ours: OurSide) -> None:
    before = vars(tac_gan)["optimizer_step"], vars(stage)["update_ema"]
    assert ours(0).parts["average"] > 0
    assert (vars(tac_gan)["optimizer_step"], vars(stage)["update_ema"]) == before


def test_too_few_pictures_for_a_batch_are_refused(preset: TacGanPreset, folder: Path) -> None:
    large = replace(preset, gan=replace(preset.gan, batch=PICTURES + 1))
    with pytest.raises(DataError, match="12 pictures are less than a batch of 13"):
        compare(large, folder, rounds=2, threads=1)


def test_the_summary_counts_in_images_and_shares_the_preparation_out_over_epochs() -> None:
    ours = [lap(2.0, 4.0, text=0.4), lap(2.0, 4.0, text=0.4)]
    plain = [lap(3.0, 8.0, text=1.0), lap(3.0, 8.0, text=2.0)]
    found: dict[str, Any] = summary(ours, plain, 10, Preparation(seconds=100.0, pictures=500, captions=7))
    assert found["ours"]["images_per_second"]["median"] == 5
    assert found["plain"]["parts_ms"]["text"] == 150
    assert found["plain"]["processor_ms"] == 800
    assert found["times_faster"]["median"] == 1.5
    assert found["times_faster_processor_time"]["median"] == 2
    counted = found["times_faster_with_preparation"]  # 0.2 s a picture: 2 s for a step's ten, if used once
    assert counted == pytest.approx({1: 3 / 4, 10: 3 / 2.2, 200: 3 / 2.01})
