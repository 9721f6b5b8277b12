"""The bundled base is what runs begin from, unless they name something else."""

from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from tests.training.conftest import latent_flow_preset
from tests.training.running import ColorDistance
from tests.training.start.conftest import Begin
from tests.training.tiny_presets import finished_values, tiny_values

from painting.painters import catalog
from painting.training.start.find_start import find_start

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("fast_logger")]


def test_the_bundled_base_is_the_default_and_nothing_means_random_weights(
    base: Path, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog, "bundled_base", lambda: base)
    assert begin("second").info.first_stage == 1
    assert begin("third", warm_start="nothing").info.first_stage == 0


def test_the_bundled_base_is_no_start_where_it_cannot_serve(
    base: Path, monkeypatch: pytest.MonkeyPatch, text_encoder_of_numbers: Any
) -> None:
    monkeypatch.setattr(catalog, "bundled_base", lambda: base)
    preset = latent_flow_preset(finished_values())
    assert find_start(None, preset, text_encoder_of_numbers, ColorDistance())
    assert find_start(None, preset, text_encoder_of_numbers, None) is None  # nothing could compare it with its start
    assert find_start(None, preset, Mock(sha256="cd" * 32), ColorDistance()) is None
    assert find_start(None, latent_flow_preset(tiny_values()), text_encoder_of_numbers, ColorDistance()) is None
