"""The smoke test of a system passes on this one, and fails where the server does not start."""

import pytest

from scripts import smoke_serve

pytestmark = pytest.mark.slow


def test_the_server_of_this_system_passes(capfd: pytest.CaptureFixture[str]) -> None:
    smoke_serve.main()
    assert capfd.readouterr().out.endswith("It paints, and has its page.\n")


def test_a_server_that_does_not_start_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAINTING_PAINTER", "no-such-painter")
    with pytest.raises(AssertionError, match="printed no address"):
        smoke_serve.main()
