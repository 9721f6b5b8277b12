"""TAC-GAN's batches pair pictures with captions that match and that do not, and with classes that may be unknown."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import torch
from tests.training.gan.conftest import CPU, tac_preset

from painting.data.picture_set import CaptionedSet
from painting.training.dataset.batches import TrainingData
from painting.training.gan.losses import NO_CLASS
from painting.training.gan.tac_gan import TacGanStage
from painting.training.registry import build_recipe
from painting.training.rng import RngKey

HERE = RngKey(0, "gan", 0)


def test_a_mismatched_caption_is_another_picture_s_with_other_attributes(tac_stage: TacGanStage) -> None:
    batch = tac_stage.draw_batch(HERE)
    assert torch.equal(batch.mismatched_text, batch.text.roll(1, 0))
    targets = tac_stage.batches.targets(tac_stage.batches.select(HERE, tac_stage.batch))
    alike = (targets == targets.roll(1, 0)).all(1)
    assert torch.equal(batch.is_mismatched, ~alike) and batch.is_mismatched.any()


def test_a_neighbour_with_the_same_caption_has_no_mismatched_one(tac_stage: TacGanStage) -> None:
    text = tac_stage.draw_batch(HERE).text.clone()
    text[1] = text[0]
    shown = torch.eye(6, 3)  # the second picture shows something else than the first
    with (
        patch.object(tac_stage.batches, "text", lambda selection, key: text),
        patch.object(tac_stage.batches, "targets", lambda selection: shown),
    ):
        assert tac_stage.draw_batch(HERE).is_mismatched[:3].tolist() == [True, False, True]


def test_classes_are_the_values_of_the_largest_label_and_may_be_unknown(tac_stage: TacGanStage) -> None:
    assert tac_stage.networks.class_columns == [0, 1]  # kind=rose and kind=tulip, not word=petals
    batch = tac_stage.draw_batch(HERE)
    targets = tac_stage.batches.targets(tac_stage.batches.select(HERE, tac_stage.batch))
    for row, given in zip(targets, batch.classes, strict=True):
        assert int(given) == (int(row[:2].argmax()) if float(row[:2].sum()) else NO_CLASS)


def test_pictures_without_labels_train_without_a_class_head(
    finite: CaptionedSet, text_encoder_of_numbers: Any, tmp_path: Path
) -> None:
    data = TrainingData.of(finite, text_encoder_of_numbers, CPU, tmp_path)
    info = replace(data.info, attributes=("word=rose", "word=tulip", "word=petals"))
    stage = build_recipe(tac_preset(), replace(data, info=info)).stages[0]
    assert not any("accuracy" in name for name in stage.step(HERE))
