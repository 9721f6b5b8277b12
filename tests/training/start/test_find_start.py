"""The bundled base is what runs begin from, unless they name something else."""

from pathlib import Path

import pytest
from tests.training.start.conftest import Begin

from painting.painters import catalog

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("fast_logger")]


def test_the_bundled_base_is_the_default_and_nothing_means_random_weights(
    base: Path, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog, "bundled_base", lambda: base)
    assert begin("second").info.first_stage == 1
    assert begin("third", warm_start="nothing").info.first_stage == 0
