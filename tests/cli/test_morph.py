"""`painting morph` writes an animation or a strip, whole or not at all, and says what is wrong."""

import errno
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from painting.cli import run
from painting.images import read_png_text
from painting.paint.painter import Painter

Captured = pytest.CaptureFixture[str]
ROSE, DAISY = FLOWERS = ("a red rose", "a white daisy")


@pytest.mark.parametrize(
    ("name", "kind", "frames"), [("m.webp", "WEBP", 10), ("M.GIF", "GIF", 10), ("m.png", "PNG", 1)]
)
def test_the_suffix_says_which_file_is_written(
    name: str, kind: str, frames: int, tiny_painter: Path, tmp_path: Path, capsys: Captured
) -> None:
    out = tmp_path / "new folder" / name
    arguments = ["morph", *FLOWERS, "--steps", "6", "--seed", "3", "--out", str(out), "--painter", str(tiny_painter)]
    assert run(arguments) == 0
    path, account = capsys.readouterr().out.splitlines()
    assert path == str(out) and list(out.parent.iterdir()) == [out]
    assert account.startswith("6 frames from 'a red rose', seed 3 to 'a white daisy', seed 3, ")
    with Image.open(out) as image:
        assert image.format == kind and getattr(image, "n_frames", 1) == frames


def test_the_frames_are_those_of_the_library(tiny_painter: Path, tmp_path: Path, capsys: Captured) -> None:
    morph = Painter.load(tiny_painter).morph(ROSE, DAISY, steps=5, seed=3, to_seed=9)
    common = ["morph", *FLOWERS, "--steps", "5", "--seed", "3", "--to-seed", "9", "--painter", str(tiny_painter)]
    assert run([*common, "--out", str(tmp_path / "m.png"), "--columns", "2"]) == 0
    assert (tmp_path / "m.png").read_bytes() == morph.strip(2)
    assert run([*common, "--out", str(tmp_path / "m.gif"), "--fps", "10", "--loop", "once"]) == 0
    assert (tmp_path / "m.gif").read_bytes() == morph.gif(100, "once")
    assert run([*common, "--out", str(tmp_path / "m.webp"), "--fps", "30", "--loop", "over", "--lossless"]) == 0
    assert (tmp_path / "m.webp").read_bytes() == morph.webp(33, "over", lossless=True)
    assert "a browser plays it" in capsys.readouterr().out


def test_a_random_seed_is_stated_and_reproduces_the_morph(tiny_painter: Path, tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "m.png"
    common = ["--steps", "4", "--out", str(out), "--painter", str(tiny_painter)]
    assert run(["morph", *FLOWERS, *common]) == 0
    first, text = out.read_bytes(), read_png_text(out.read_bytes())
    assert f"'a red rose', seed {text['seed']} to 'a white daisy', seed {text['to_seed']}" in capsys.readouterr().out
    assert run(["morph", *FLOWERS, "--seed", text["seed"], *common]) == 0
    assert out.read_bytes() == first


def test_a_painter_without_text_goes_from_seed_to_seed(
    unconditional_painter: Path, tmp_path: Path, capsys: Captured
) -> None:
    out = tmp_path / "m.png"
    common = ["--steps", "4", "--out", str(out), "--painter", str(unconditional_painter)]
    assert run(["morph", *common, "--seed", "3", "--to-seed", "9"]) == 0
    assert "4 frames from seed 3 to seed 9, side by side" in capsys.readouterr().out
    assert run(["morph", *common]) == 0
    text = read_png_text(out.read_bytes())
    assert f"from seed {text['seed']} to seed {text['to_seed']}, " in capsys.readouterr().out
    assert text["seed"] != text["to_seed"]
    assert run(["morph", "seven", *common]) == 2
    assert "takes no prompt" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "needs a prompt"),
        (["a rose"], "another prompt or another seed"),
        (["a rose", " a\t rose "], "another prompt or another seed"),
        (["a rose", "--seed", "3", "--to-seed", "3"], "another prompt or another seed"),
        (["a rose", ""], "the prompt is empty"),
        (["a rose", "\x1b\u200b"], "the prompt is empty"),
        (["a rose", "a rose\u200b"], "another prompt or another seed"),
        (["🌹🌻", "a rose"], "knows no word"),
        ([*FLOWERS, "--steps", "1"], "from 2 to 240"),
        ([*FLOWERS, "--steps", "241"], "from 2 to 240"),
        ([*FLOWERS, "--seed", "-1"], "the seed must be"),
        ([*FLOWERS, "--to-seed", str(2**32)], "the seed must be"),
        ([*FLOWERS, "--fps", "0"], "--fps"),
        ([*FLOWERS, "--fps", "51"], "--fps"),
        ([*FLOWERS, "--fps", "nan"], "--fps"),
        ([*FLOWERS, "--columns", "0"], "--columns"),
        ([*FLOWERS, "--loop", "twice"], "there-and-back, over, once"),
        ([*FLOWERS, "a third"], "a third"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_request_that_makes_no_sense_is_one_line_and_nothing_is_written(
    arguments: list[str], sentence: str, tiny_painter: Path, tmp_path: Path, capsys: Captured
) -> None:
    out = tmp_path / "out" / "m.webp"
    assert run(["morph", *arguments, "--out", str(out), "--painter", str(tiny_painter)]) == 2
    shown = capsys.readouterr()
    assert shown.out == "" and not out.parent.exists()
    assert sentence in shown.err
    assert shown.err.startswith("error: ") and shown.err.count("\n") == 1 and len(shown.err) < 300


@pytest.mark.parametrize("name", ["m.jpg", "m", "m.mp4", ".webp", "webp/"])
def test_another_kind_of_file_is_refused_with_the_list(
    name: str, tiny_painter: Path, tmp_path: Path, capsys: Captured
) -> None:
    assert run(["morph", *FLOWERS, "--out", str(tmp_path / name), "--painter", str(tiny_painter)]) == 2
    assert "must end in one of .webp, .gif, .png" in capsys.readouterr().err


def test_a_place_to_write_to_must_be_named(capsys: Captured) -> None:
    assert run(["morph", *FLOWERS]) == 2
    assert "--out" in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_one_line(tiny_painter: Path, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "folder.webp").mkdir()
    for out in (tmp_path / "file" / "m.webp", tmp_path / "folder.webp"):
        common = ["--steps", "2", "--out", str(out), "--painter", str(tiny_painter)]
        assert run(["morph", *FLOWERS, *common]) == 2
        shown = capsys.readouterr().err
        assert "cannot write the morph to" in shown and shown.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder.webp", "tiny.painter"]


@pytest.mark.parametrize(
    ("failure", "code"), [(OSError(errno.ENOSPC, "No space left on device"), 2), (KeyboardInterrupt(), 130)]
)
def test_a_full_disk_and_ctrl_c_leave_the_old_file_and_no_part(
    failure: BaseException, code: int, tiny_painter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise failure

    out = tmp_path / "out" / "m.webp"
    out.parent.mkdir()
    out.write_bytes(b"the old one")
    monkeypatch.setattr("painting.atomic_file.os.fsync", fail)
    common = ["--steps", "2", "--out", str(out), "--painter", str(tiny_painter)]
    assert run(["morph", *FLOWERS, *common]) == code
    assert list(out.parent.iterdir()) == [out] and out.read_bytes() == b"the old one"


def test_ctrl_c_while_painting_leaves_nothing(
    tiny_painter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Painter, "paint_between", interrupt)
    out = tmp_path / "out" / "m.webp"
    assert run(["morph", *FLOWERS, "--out", str(out), "--painter", str(tiny_painter)]) == 130
    assert not out.parent.exists() and capsys.readouterr().err == ""


def test_a_prompt_longer_than_is_read_is_morphed_and_says_so(
    tiny_painter: Path, tmp_path: Path, capsys: Captured
) -> None:
    out = ["--steps", "2", "--out", str(tmp_path / "m.png"), "--painter", str(tiny_painter)]
    assert run(["morph", "a rose", "a!" * 20_000, *out]) == 0
    shown = capsys.readouterr()
    assert shown.err == "note: the prompt is longer than the painter reads; its end is left out\n"
    assert f"to '{'a!' * 40}…', seed" in shown.out


def test_progress_is_shown_on_a_terminal_alone(
    tiny_painter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    arguments = ["morph", *FLOWERS, "--out", str(tmp_path / "m.png"), "--painter", str(tiny_painter), "--steps", "20"]
    assert run(arguments) == 0
    assert capsys.readouterr().err == ""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    assert run(arguments) == 0
    *counts, wiped = terminal.getvalue().split("\r")[1:-1]
    assert counts[0] == "1 of 35 pictures" and counts[-1] == "33 of 35 pictures"
    assert wiped.strip() == "" and len(wiped) >= len(counts[-1])


def test_the_strip_shows_the_ends_as_they_are_painted(tiny_painter: Path, tmp_path: Path) -> None:
    out = tmp_path / "m.png"
    common = ["--seed", "3", "--painter", str(tiny_painter)]
    assert run(["morph", *FLOWERS, "--steps", "3", "--out", str(out), *common]) == 0
    assert run(["paint", DAISY, "--count", "1", "--out", str(tmp_path), *common]) == 0
    strip, end = (np.asarray(Image.open(path)) for path in (out, tmp_path / "a-white-daisy-3.png"))
    assert np.array_equal(strip[:, -16:], end)
