"""Where POSIX's own calls and signals are missing, as on Windows, commands work; what else is missing is named."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.serving.running import Server
from tests.training.tiny_presets import write_one_step_digits

from painting.images import read_png_text

pytestmark = pytest.mark.slow
REPLACEMENTS = Path(__file__).parent / "without_posix"


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let child processes run without POSIX's names."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(REPLACEMENTS), os.environ.get("PYTHONPATH", "")]))


def painting(*arguments: str) -> str:
    """Run a command and return what it printed."""
    command = [sys.executable, "-m", "painting", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.usefixtures("environment")
def test_the_names_are_gone() -> None:
    code = "import os, signal; print(hasattr(os, 'setpgrp'), hasattr(signal, 'SIGHUP'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"


@pytest.mark.usefixtures("environment")
def test_the_server_paints_and_stops(tiny_painter: Path) -> None:
    server = Server(tiny_painter)
    assert b'"images"' in server.get()
    server.process.send_signal(signal.SIGTERM)
    assert server.end() == (0, "")


@pytest.mark.usefixtures("environment")
def test_commands_work(tiny_painter: Path, tmp_path: Path) -> None:
    painted = painting("paint", "a red rose", "-n", "1", "-s", "7", "-o", str(tmp_path), "--painter", str(tiny_painter))
    path = Path(painted.strip())
    assert read_png_text(path.read_bytes())["seed"] == "7"
    path.with_suffix(".txt").write_text("a red rose")
    assert "usable pictures: 1" in painting("data", "check", str(tmp_path), "--size", "16")
    assert "cores for this process" in painting("doctor")


@pytest.mark.usefixtures("environment")
def test_a_run_trains_and_resumes(tmp_path: Path) -> None:
    run, preset = str(tmp_path / "run"), tmp_path / "digits.toml"
    write_one_step_digits(preset)
    painting("train", "--preset", str(preset), "--run", run, "--threads", "1")
    assert "complete already" in painting("train", "--run", run, "--threads", "1")


def test_without_granian_the_server_says_so_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['granian'] = None\n")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    done = subprocess.run([sys.executable, "-m", "painting", "serve"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("error: the web server, granian, is not installed (it has no build for Windows on")
    assert done.stderr.count("\n") == 1
