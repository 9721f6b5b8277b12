"""`painting paint` writes pictures with their origin, never over another one, and reports what is wrong."""

import errno
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from painting.cleaning import MAX_TEXT_LENGTH
from painting.cli import run
from painting.cli.paint import slug
from painting.images import read_png_text
from painting.paint.painter import Painter

Captured = pytest.CaptureFixture[str]


def test_pictures_are_written_with_prompt_seed_and_painter(
    tiny_painter: Path, tmp_path: Path, capsys: Captured
) -> None:
    out = tmp_path / "new" / "folder"
    arguments = [
        "paint",
        "a red rose",
        "--count",
        "2",
        "--seed",
        "7",
        "--out",
        str(out),
        "--painter",
        str(tiny_painter),
    ]
    assert run(arguments) == 0
    written = [out / "a-red-rose-7.png", out / "a-red-rose-8.png"]
    assert capsys.readouterr().out.splitlines() == [str(path) for path in written]
    assert read_png_text(written[1].read_bytes()) == {"prompt": "a red rose", "seed": "8", "painter": "tiny"}
    painted = Painter.load(tiny_painter).paint("a red rose", 2, 7).arrays
    assert np.array_equal(np.asarray(Image.open(written[1])), painted[1])
    assert run(arguments) == 0
    assert sorted(out.iterdir()) == written


def test_a_picture_of_another_prompt_is_not_written_over(tiny_painter: Path, tmp_path: Path, capsys: Captured) -> None:
    common = ["--count", "1", "--seed", "7", "--out", str(tmp_path), "--painter", str(tiny_painter)]
    (tmp_path / "a-tulip-7.png").write_bytes(b"another file")
    for prompt in ("a rose", "A rose!", "a rose", "a tulip"):
        assert run(["paint", prompt, *common]) == 0
    names = [Path(line).name for line in capsys.readouterr().out.splitlines()]
    assert names == ["a-rose-7.png", "a-rose-7-2.png", "a-rose-7.png", "a-tulip-7-2.png"]
    assert (tmp_path / "a-tulip-7.png").read_bytes() == b"another file"


def test_a_long_prompt_is_painted_with_a_note(tiny_painter: Path, tmp_path: Path, capsys: Captured) -> None:
    common = ["--count", "1", "--seed", "7", "--out", str(tmp_path), "--painter", str(tiny_painter)]
    assert run(["paint", "a rose and " * 2000, *common]) == 0
    assert capsys.readouterr().err == "note: the prompt is longer than the painter reads; its end is left out\n"
    (written,) = tmp_path.glob("a-rose-and-*-7.png")
    assert read_png_text(written.read_bytes())["prompt"] == ("a rose and " * 2000)[:MAX_TEXT_LENGTH].strip()


def test_an_unconditional_painter_paints_without_a_prompt(
    unconditional_painter: Path, tmp_path: Path, capsys: Captured
) -> None:
    where = ["--out", str(tmp_path), "--painter", str(unconditional_painter)]
    assert run(["paint", "--count", "1", "--seed", "3", *where]) == 0
    assert capsys.readouterr().out.strip().endswith("plain-3.png")
    assert run(["paint", "seven", *where]) == 2
    assert "takes no prompt" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        [""],
        ["   "],
        ["a" * 10_000],
        ["🌹🌻"],
        ["\x1b\x00"],
        ["\udc80\u200b"],
        ["a rose", "--count", "0"],
        ["a rose", "--count", "-1"],
        ["a rose", "--count", "1000"],
        ["a rose", "--count", "x"],
        ["a rose", "--seed", "-1"],
        ["a rose", "--seed", str(2**32)],
        ["a rose", "--seed", "7.5"],
        [],
    ],
    ids=lambda arguments: repr(arguments)[:30],
)
def test_a_request_that_makes_no_sense_is_one_line_and_nothing_is_written(
    arguments: list[str], tiny_painter: Path, tmp_path: Path, capsys: Captured
) -> None:
    out = tmp_path / "out"
    assert run(["paint", *arguments, "--painter", str(tiny_painter), "--out", str(out)]) == 2
    shown = capsys.readouterr()
    assert shown.out == "" and not out.exists()
    assert shown.err.startswith("error: ") and shown.err.count("\n") == 1 and len(shown.err) < 300


def test_a_prompt_in_arabic_paints(tiny_painter: Path, tmp_path: Path) -> None:
    common = ["--count", "1", "--seed", "1", "--painter", str(tiny_painter), "--out", str(tmp_path / "out")]
    assert run(["paint", "وردة حمراء", *common]) == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["وردة-حمراء-1.png"]


def test_a_long_prompt_of_four_byte_letters_is_written(tiny_painter: Path, tmp_path: Path, capsys: Captured) -> None:
    common = ["--count", "1", "--seed", str(2**32 - 1), "--painter", str(tiny_painter), "--out", str(tmp_path / "out")]
    assert run(["paint", "rose " + "𠀀" * 400, *common]) == 0
    (name,) = [path.name for path in (tmp_path / "out").iterdir()]
    assert len(name.encode()) < 143


def test_a_prompt_longer_than_is_read_paints_and_says_so(tiny_painter: Path, tmp_path: Path, capsys: Captured) -> None:
    assert run(["paint", "a!" * 200, "--count", "1", "--painter", str(tiny_painter), "--out", str(tmp_path)]) == 0
    assert capsys.readouterr().err.startswith("note: the prompt is longer than the painter reads")


@pytest.mark.parametrize(
    ("prompt", "note"),
    [("красная роза", "reads English"), ("a (red:1.3) rose", "as plain words"), ("<lora:x:1> a rose", "<lora:x:1>")],
)
def test_what_is_not_read_as_written_is_one_note(
    tiny_painter: Path, tmp_path: Path, capsys: Captured, prompt: str, note: str
) -> None:
    common = ["--painter", str(tiny_painter)]
    assert run(["paint", prompt, *common, "--count", "1", "--out", str(tmp_path)]) == 0
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("note: ") and note in line
    assert run(["morph", prompt, "a tulip", *common, "--steps", "2", "--out", str(tmp_path / "m.webp")]) == 0
    assert capsys.readouterr().err.splitlines() == [line]


def test_an_unknown_painter_is_one_line(tmp_path: Path, capsys: Captured) -> None:
    for name in ("no-such-painter", str(tmp_path), "x" * 5000, "nul\x00"):
        assert run(["paint", "a rose", "--painter", name]) == 2
        shown = capsys.readouterr().err
        assert shown.startswith("error: ") and shown.count("\n") == 1 and len(shown) < 400


def test_a_folder_that_cannot_be_written_is_one_line(tiny_painter: Path, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "file").write_text("in the way")
    assert run(["paint", "a rose", "--painter", str(tiny_painter), "--out", str(tmp_path / "file" / "below")]) == 2
    assert "cannot write pictures to" in capsys.readouterr().err


def test_a_full_disk_is_one_line_and_leaves_no_part(
    tiny_painter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("painting.atomic_file.os.fsync", full)
    out = tmp_path / "out"
    assert run(["paint", "a rose", "--painter", str(tiny_painter), "--out", str(out)]) == 2
    assert "No space left on device" in capsys.readouterr().err
    assert list(out.iterdir()) == []


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("A red, red ROSE!", "a-red-red-rose"),
        ("../../etc/passwd", "etc-passwd"),
        ("!!!", ""),
        ("rose " * 99, "rose-" * 12),
        ("وردة " * 99, "وردة-" * 12),
        ("𠀀" * 99, "𠀀" * 30),
        ("rose 𠀀" + "花" * 99, "rose-𠀀" + "花" * 37),
    ],
)
def test_slugs_are_safe_parts_of_file_names(prompt: str, name: str) -> None:
    assert slug(prompt) == name.rstrip("-")


def test_pictures_near_a_seed_are_named_by_both_seeds(tiny_painter: Path, tmp_path: Path, capsys: Captured) -> None:
    common = ["paint", "a rose", "-n", "2", "--seed", "7", "--out", str(tmp_path), "--painter", str(tiny_painter)]
    assert run([*common, "--subseed", "100", "--subseed-strength", "0.2"]) == 0
    names = [Path(line).name for line in capsys.readouterr().out.splitlines()]
    assert names == ["a-rose-7-100.png", "a-rose-7-101.png"]
    said = read_png_text((tmp_path / names[1]).read_bytes())
    assert (said["seed"], said["subseed"], said["subseed_strength"]) == ("7", "101", "0.2")
    assert run([*common, "--subseed", "100"]) == 2
    assert "--subseed-strength" in capsys.readouterr().err
