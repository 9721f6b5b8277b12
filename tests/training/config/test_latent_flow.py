"""The keys of the latent flow painter's preset must fit one another, and its last stage depends on its tables."""

import pytest
from tests.training.config.refusal import assert_refused

from painting.training.preset_loader import load_preset


@pytest.mark.parametrize(
    ("name", "table", "key", "value", "message"),
    [
        ("small", "prior", "batch", 0, "prior.batch must be at least 1"),
        ("small", "data", "source", "foldr", "data.source must be folder or shapes for latent-flow, not foldr"),
        ("small", "prior", "heads", 3, "must be a multiple of prior.heads 3"),
        ("small", "data", "size", 48, "4 encoder_widths fit data.size 128, not 48"),
        ("small", "autoencoder", "decoder_widths", [32, 16], "decoder_widths must be 4 widths, as encoder_widths"),
        ("small", "autoencoder", "feature_size", 100, "autoencoder.feature_size must be a multiple of 32, not 100"),
        ("small", "finetuning", "feature_size", 100, "finetuning.feature_size must be a multiple of 32, not 100"),
        ("small", "finetuning", "feature_size", 0, "finetuning.feature_size must be at least 1"),
        ("shapes", "data", "synonyms", True, "data.synonyms are for captions of a folder"),
        ("small", "data", "text_encoder", None, "must name the text encoder"),
        ("small", "finetuning", "batch", 25, "batch must be even: two pictures are generated of each caption"),
        ("small", "finetuning", "class_balance", 1.5, "finetuning.class_balance must be at most 1"),
        ("small", "finetuning", "kimg", 1.5, "1.5 .--kimg, --epochs. is too few to help: at least 3"),
    ],
)
def test_settings_that_a_model_cannot_train_with_are_refused(
    name: str, table: str | None, key: str, value: object, message: str
) -> None:
    assert_refused(name, table, key, value, message)


def test_the_last_stage_is_fine_tuning_or_the_prior() -> None:
    assert load_preset("small").last_stage == "finetuning"
    assert load_preset("shapes").last_stage == "prior"
