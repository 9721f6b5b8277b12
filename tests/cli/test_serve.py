"""Each setting of the server is a flag of `painting serve`."""

from dataclasses import fields
from pathlib import Path

import pytest
from typer.testing import CliRunner

from painting.cli import app, run
from painting.painters import catalog
from painting.serving.process import supervisor
from painting.serving.settings import Settings, flag, variable


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """The settings with which servers would have been started."""
    started: list[Settings] = []

    def run_server(settings: Settings) -> int:
        started.append(settings)
        return 0

    monkeypatch.setattr(supervisor, "run_server", run_server)
    return started


def test_every_setting_is_listed_with_its_variable() -> None:
    help_text = " ".join(CliRunner().invoke(app, ["serve", "--help"], env={"COLUMNS": "300"}).output.split())
    for each in fields(Settings):
        assert flag(each) in help_text and f"[{variable(each)}]" in help_text


def test_flags_go_before_variables_and_painters_are_found(served: list[Settings]) -> None:
    line = ["serve", "--painter", "digits", "--painter", "shapes", "--workers", "2", "--log-prompts", "--port", "0"]
    result = CliRunner().invoke(app, line, env={"PAINTING_WORKERS": "3", "PAINTING_MAX_QUEUE": "9"})
    assert result.exit_code == 0, result.output
    (settings,) = served
    assert settings.painters == tuple(str(catalog.find(name)) for name in ("digits", "shapes"))
    assert (settings.workers, settings.max_queue, settings.log_prompts, settings.port) == (2, 9, True, 0)


def test_lists_are_repeated_flags_or_have_commas(served: list[Settings]) -> None:
    line = ["serve", "--painter", "digits,shapes", "--api-keys", "one", "--api-keys", "two,three", "--cors-origin", ""]
    for more, origins in ((["--cors-origin", "http://a", "--cors-origin", "http://b,http://c"], 3), ([], 0)):
        assert CliRunner().invoke(app, [*line, *more]).exit_code == 0
        settings = served.pop()
        assert settings.painters == tuple(str(catalog.find(name)) for name in ("digits", "shapes"))
        assert settings.keys() == ("one", "two", "three") and len(settings.cors_origins) == origins


def test_a_painters_file_may_have_commas_in_its_name(
    served: list[Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = Path("red, blue.painter")
    file.write_bytes(catalog.find("shapes").read_bytes())
    for line, environment in (
        (["--painter", str(file), "--painter", "digits"], {}),
        ([], {"PAINTING_PAINTER": str(file)}),
    ):
        assert CliRunner().invoke(app, ["serve", *line], env=environment).exit_code == 0
        assert Path(served.pop().painters[0]).name == file.name


def test_a_flag_that_is_no_number_is_refused_by_the_settings(
    served: list[Settings], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["serve", "--port", "abc"]) == 2
    assert capsys.readouterr().err.startswith("error: --port must be a whole number of at least 0")
    assert not served
