"""The keys of a GAN's preset must fit one another and the model."""

import pytest
from tests.training.config.refusal import assert_refused

from painting.training.config.gan import GanPreset


@pytest.mark.parametrize(
    ("name", "table", "key", "value", "message"),
    [
        ("digits", "data", "source", "folder", "data.source must be digits for digits-gan, not folder"),
        ("digits", "data", "size", 32, "data.size must be 28, not 32"),
        ("digits", "data", "text_encoder", "minilm-l6", "digits have no captions"),
        ("digits", "gan", "batch", 1, "gan.batch must be at least 2"),
        ("digits", "gan", "lr_decay_start", 1.5, "lr_decay_start must be at most 1, not 1.5"),
        ("digits", "gan", "beta1", 1.0, "gan.beta1 must be below 1"),
        ("digits", "gan", "min_real_label", 0.5, "above 0.5 and at most 1, not 0.5"),
        ("tac-gan", "gan", "min_real_label", 1.5, "above 0.5 and at most 1, not 1.5"),
        ("tac-gan", "data", "source", "digits", "data.source must be folder or shapes for tac-gan, not digits"),
        ("tac-gan", "data", "size", 64, "4 discriminator_widths fit data.size 128, not 64"),
        ("tac-gan", "data", "text_encoder", None, "must name the text encoder"),
        ("tac-gan", None, "generator_widths", [64, 32], "generator_widths must be 5 widths"),
    ],
)
def test_settings_that_a_model_cannot_train_with_are_refused(
    name: str, table: str | None, key: str, value: object, message: str
) -> None:
    assert_refused(name, table, key, value, message)


def test_a_table_s_constraints_name_it() -> None:
    table = GanPreset(1.0, 1, 1e-3, lr_decay_start=0.5, beta1=0.5, min_real_label=0.9, ema_halflife_kimg=1.0)
    violated = [message for is_violated, message in table.constraints("mine") if is_violated]
    assert violated == ["mine.batch must be at least 2: a batch is normalised by itself."]
