"""No encoding of the console, no name that is no UTF-8 and no reader that exits early ends a command."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import pytest
from PIL import Image

from painting.cli import run
from painting.console import prepare_streams

ROSE = "\u0440\u043e\u0437\u0430"  # in Cyrillic letters
TRAINING_ERROR = 1 if find_spec("torch") else 2  # without the training extra, its commands only name it
FOREIGN_NAME = b"\xff\xfe-rose.png".decode(errors="surrogateescape")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Captioned pictures and a damaged one, with names in another script and beyond UTF-8."""
    pictures = tmp_path / f"set {ROSE}"
    pictures.mkdir()
    draws = np.random.default_rng(0)
    for name in (f"{ROSE}.png", FOREIGN_NAME, "b.png", "c.png"):
        Image.fromarray(draws.integers(0, 255, (32, 32, 3), np.uint8)).save(pictures / "new.png")
        (pictures / "new.png").rename(pictures / name)
        (pictures / name).with_suffix(".txt").write_text(f"a red {ROSE} flower", encoding="utf-8")
    (pictures / f"no {ROSE}.png").write_text("not a picture")
    return pictures


Command = tuple[int, Callable[[Path, Path, Path], list[str]]]
# Exit code; the arguments from the folder of pictures, a painter file and a folder to write to.
COMMANDS: dict[str, Command] = {
    "paint": (0, lambda _, painter, out: ["paint", f"a {ROSE} rose", "-p", str(painter), "-o", str(out / ROSE)]),
    "morph": (
        0,
        lambda _, painter, out: [
            *("morph", f"a {ROSE} rose", "a tulip", "-p", str(painter)),
            *("--steps", "2", "-o", str(out / f"{ROSE}.webp")),
        ],
    ),
    "data check": (0, lambda pictures, *_: ["data", "check", str(pictures), "--size", "32"]),
    "data split": (0, lambda pictures, *_: ["data", "split", str(pictures), "--test", "50%"]),
    "text-encoder list": (0, lambda *_: ["text-encoder", "list"]),
    "help": (0, lambda *_: ["train", "--help"]),
    "an unknown painter": (2, lambda *_: ["paint", "a rose", "-p", ROSE]),
    "an unknown command": (2, lambda *_: [ROSE]),
    "export of no run": (TRAINING_ERROR, lambda _, __, out: ["export", f"runs/{ROSE}", "-o", str(out / "a.painter")]),
    "serve of no painter": (2, lambda *_: ["serve", "--painter", FOREIGN_NAME]),
    "evaluate of no painter": (2, lambda *_: ["evaluate", FOREIGN_NAME]),
    "training of no folder": (TRAINING_ERROR, lambda *_: ["train", ROSE, "--preset", FOREIGN_NAME]),
}


@pytest.fixture
def redirected(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[TextIO, TextIO], None]]:
    """A function that puts streams in the place of standard output and error, as `painting` finds them."""

    def redirect(out: TextIO, err: TextIO) -> None:
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(sys, "stderr", err)
        prepare_streams()

    yield redirect
    for stream in (sys.stdout, sys.stderr):
        stream.flush()


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "ascii"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_ends_as_it_should_in_any_encoding(
    command: str, encoding: str, folder: Path, tiny_painter: Path, tmp_path: Path, redirected: Any
) -> None:
    code, arguments = COMMANDS[command]
    printed, errors = tmp_path / "out.txt", tmp_path / "err.txt"
    with printed.open("w", encoding=encoding) as out, errors.open("w", encoding=encoding) as err:
        redirected(out, err)
        assert run(arguments(folder, tiny_painter, tmp_path)) == code
        sys.stdout.flush()
        sys.stderr.flush()
    lines = errors.read_text(encoding=encoding).splitlines()
    assert [line.partition(":")[0] for line in lines if not line.startswith("note: ")] == ["error"] * bool(code)
    assert printed.read_bytes() or code


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_goes_on_when_its_reader_has_gone(
    command: str, folder: Path, tiny_painter: Path, tmp_path: Path, redirected: Any
) -> None:
    code, arguments = COMMANDS[command]
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w", encoding="utf-8") as pipe:
        redirected(pipe, pipe)
        assert run(arguments(folder, tiny_painter, tmp_path)) == code
        sys.stdout.flush()
        sys.stderr.flush()
    if command == "paint":
        assert len(list((tmp_path / ROSE).glob("*.png"))) == 5


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_prepared_process_ends_with_code_0_behind_a_closed_pipe(unbuffered: str) -> None:
    code = (
        "from painting.console import prepare_streams; prepare_streams(); [print(n, flush=True) for n in range(9999)]"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONUNBUFFERED": unbuffered},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"0\n"
    process.stdout.close()
    assert process.stderr is not None
    assert (process.stderr.read(), process.wait()) == (b"", 0)
    process.stderr.close()


def test_another_error_of_the_stream_is_raised(
    tmp_path: Path, redirected: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no full device")
    with open("/dev/full", "w") as full, (tmp_path / "err").open("w") as err:
        redirected(full, err)
        print("lost")
        with pytest.raises(OSError, match="No space left"):
            sys.stdout.flush()
        monkeypatch.setattr(
            "painting.console.PipeWriter.write", lambda _, content: len(content)
        )  # what is still buffered is dropped
        sys.stdout.flush()


def test_streams_that_are_no_files_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    prepare_streams()
    assert sys.stdout is None and sys.stderr is None
