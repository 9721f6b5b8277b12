"""The keys of the latent flow painter's preset must fit one another, and its last stage depends on its tables."""

import pytest
from tests.training.config.refusal import assert_refused

from painting.errors import TrainingError
from painting.training.config.latent_flow import LatentFlowPreset
from painting.training.preset_loader import load_preset, preset_from_dict


@pytest.mark.parametrize("table", ["distillation", "decoder_growth", "finetuning"])
def test_one_of_the_last_three_tables_without_the_others_is_refused(table: str) -> None:
    values = load_preset("flowers").as_dict() | {table: None}
    values["data"]["size"] //= 2 if table == "finetuning" else 1  # as pictures are without one
    with pytest.raises(
        TrainingError, match="distillation, decoder_growth and finetuning belong together: give all three, or none"
    ):
        preset_from_dict(values)


@pytest.mark.parametrize(
    ("name", "table", "key", "value", "message"),
    [
        ("flowers", "prior", "batch", 0, "prior.batch must be at least 1"),
        ("flowers", "data", "source", "foldr", "data.source must be folder or shapes for latent-flow, not foldr"),
        ("flowers", "prior", "heads", 3, "must be a multiple of prior.heads 3"),
        ("flowers", "data", "size", 48, "3 encoder_widths fit data.size 128, not 48"),
        ("flowers", "autoencoder", "decoder_widths", [32, 16], "decoder_widths must be 4"),
        ("flowers", "decoder_growth", "decoder_widths", [32, 16], "decoder_growth.decoder_widths must be 4"),
        ("shapes", "data", "synonyms", True, "data.synonyms are for captions of a folder"),
        ("flowers", "data", "text_encoder", None, "must name the text encoder"),
        ("flowers", "finetuning", "batch", 25, "batch must be even: two pictures are generated of each caption"),
        ("flowers", "finetuning", "class_balance", 1.5, "finetuning.class_balance must be at most 1"),
        ("flowers", "finetuning", "kimg", 1.5, "1.5 .--kimg, --epochs. is too few to help: at least 3"),
    ],
)
def test_settings_that_a_model_cannot_train_with_are_refused(
    name: str, table: str | None, key: str, value: object, message: str
) -> None:
    assert_refused(name, table, key, value, message)


def test_the_last_stage_is_fine_tuning_or_the_prior() -> None:
    assert load_preset("flowers").last_stage == "finetuning"
    assert load_preset("shapes").last_stage == "prior"


def test_of_six_stages_the_autoencoder_is_trained_at_half_size() -> None:
    flowers, shapes = load_preset("flowers"), load_preset("shapes")
    assert isinstance(flowers, LatentFlowPreset) and isinstance(shapes, LatentFlowPreset)
    assert flowers.encoded_size == flowers.data.size // 2
    assert shapes.encoded_size == shapes.data.size
