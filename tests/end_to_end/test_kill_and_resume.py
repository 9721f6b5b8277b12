"""A training killed at any moment goes on to the very weights of one that was never killed."""

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file
from tests.end_to_end.training_process import Training

from painting.data.shapes.scenes import ALL_SCENES, captions_of, draw_scenes
from painting.images import save_png
from painting.training.preset_loader import load_preset

pytestmark = pytest.mark.slow

KILLS = 10


@pytest.fixture
def preset(tmp_path: Path) -> Path:
    """A preset for drawn shapes."""
    return write_preset(tmp_path / "small.toml", kimg=(2.5, 4.0))


@pytest.fixture
def folder_preset(tmp_path: Path) -> Path:
    """A preset for a captioned folder, with all that folders have and drawn shapes lack."""
    return write_preset(tmp_path / "folder.toml", kimg=(1.5, 2.0), source="folder", views=2, flip=True)


@pytest.fixture
def captioned(tmp_path: Path) -> Path:
    """A folder of 40 drawn pictures, each with two captions in a text file of its name."""
    folder = tmp_path / "captioned"
    folder.mkdir()
    scenes = random.Random(0).sample(ALL_SCENES, 40)
    pictures = draw_scenes(scenes, np.random.default_rng(0).uniform(-1, 1, (len(scenes), 2)), 24)
    for number, (scene, picture) in enumerate(zip(scenes, pictures, strict=True)):
        save_png(folder / f"{number}.png", picture)
        (folder / f"{number}.txt").write_text("\n".join(captions_of(scene)[:2]), encoding="utf-8")
    return folder


def write_preset(path: Path, kimg: tuple[float, float], **data: object) -> Path:
    """The shapes preset with networks and stages small enough for a few seconds, and other settings of the data."""
    values = load_preset("shapes").as_dict() | {"ticks": 8, "snapshots": 4}
    autoencoder, prior = kimg
    values["data"] |= {"size": 16, **data}
    values["autoencoder"] |= {"kimg": autoencoder, "batch": 32, "encoder_widths": [8], "decoder_widths": [16]}
    values["autoencoder"] |= {"feature_size": 32}
    values["prior"] |= {"kimg": prior, "batch": 32, "width": 32, "depth": 2, "heads": 2, "warmup_kimg": 0.5}
    path.write_text(_toml(values), encoding="utf-8")
    return path


def write_game(path: Path) -> Path:
    """TAC-GAN with networks small enough for a few seconds."""
    values = load_preset("tac-gan").as_dict() | {"ticks": 4}
    values["data"] |= {"size": 16}
    values["gan"] |= {"kimg": 0.8, "batch": 8}
    path.write_text(_toml(values | {"generator_widths": [16, 8], "discriminator_widths": [8]}), encoding="utf-8")
    return path


def test_ten_kills_change_no_weight(preset: Path, tmp_path: Path) -> None:
    untouched, killed = tmp_path / "untouched", tmp_path / "killed"
    begun = time.monotonic()
    with command(untouched, preset) as process:
        assert process.wait() == 0
    seconds = time.monotonic() - begun
    moments = random.Random(0)
    for number in range(KILLS):
        training = start(killed, preset)
        training.wait_until_opened()  # it may be killed before it has done anything at all
        for _ in range(2 * (number % 2)):
            wait_for_checkpoint(killed, training)
        assert training.kill(after=moments.uniform(0, 0.04) * seconds), training.output.read_text()
    assert (1, 0) < position(killed) < position(untouched), "kills hit all over the run"
    assert start(killed, preset).finish() == 0
    assert_same_runs(killed, untouched)


def test_kills_while_a_folder_is_prepared_and_trained_on_change_no_weight(
    folder_preset: Path, captioned: Path, tmp_path: Path
) -> None:
    untouched, killed = tmp_path / "untouched", tmp_path / "killed"
    training = start(untouched, folder_preset, captioned)
    training.wait_until_opened()
    opened = time.monotonic()
    assert training.finish() == 0
    seconds = time.monotonic() - opened

    moments = random.Random(0)
    training = start(killed, folder_preset, captioned)
    training.wait_for_file(cache_of(killed))
    assert training.kill(after=moments.uniform(0, 0.2)), "it was killed while it prepared the pictures, or soon after"
    training = start(killed, folder_preset, captioned)
    training.wait_for_file(killed / "run.json")
    assert training.kill(after=moments.uniform(0, 0.05))
    assert position(killed) <= (0, 0), "no step is saved yet"
    for _ in range(2):
        training = start(killed, folder_preset, captioned)
        training.wait_until_opened()
        assert training.kill(after=moments.uniform(0, 0.3) * seconds)
    assert start(killed, folder_preset, captioned).finish() == 0
    assert_same_runs(killed, untouched)


def test_kills_in_the_middle_of_a_game_change_no_weight(captioned: Path, tmp_path: Path) -> None:
    game, moments = write_game(tmp_path / "game.toml"), random.Random(0)
    untouched, killed = tmp_path / "untouched", tmp_path / "killed"
    assert start(untouched, game, captioned).finish() == 0
    for _ in range(2):
        training = start(killed, game, captioned)
        wait_for_checkpoint(killed, training)
        assert training.kill(after=moments.uniform(0, 0.05)), "the run ended before it was killed"
    assert start(killed, game, captioned).finish() == 0
    assert_same_runs(killed, untouched)


def test_ctrl_c_saves_and_says_how_to_go_on(preset: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    process = command(run, preset)
    while process.poll() is None and position(run) <= (0, 0):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate()
    assert process.returncode == 130
    assert f"painting train --run {run}" in output
    assert "Traceback" not in output
    assert position(run) > (0, 0)


def command(run: Path, preset: Path) -> "subprocess.Popen[str]":
    """Begin a run from the shell, as users do."""
    line = [sys.executable, "-m", "painting", "train", *arguments(run, preset, None)]
    return subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def start(run: Path, preset: Path, source: Path | None = None) -> Training:
    """Begin a run or go on with it in a process of its own; its pictures are prepared in a cache of its own."""
    output = run.with_name(f"{run.name}.txt")
    output.unlink(missing_ok=True)
    return Training(arguments(run, preset, source), output, cache_of(run))


def arguments(run: Path, preset: Path, source: Path | None) -> list[str]:
    """Of `painting train`: one thread, so that sums are the same each time."""
    settled = ["--run", str(run), "--threads", "1", "--device", "cpu"]
    if (run / "run.json").is_file():
        return settled
    return [*settled, "--preset", str(preset), *([str(source)] if source else [])]


def cache_of(run: Path) -> Path:
    return run.with_name(f"{run.name}-cache")


def wait_for_checkpoint(run: Path, training: Training) -> None:
    """Until a step of this process is on record, or the run has ended."""
    before = position(run)
    while not training.ended() and position(run) <= before:
        time.sleep(0.01)


def position(run: Path) -> tuple[int, int]:
    """Stage and step of the newest checkpoint."""
    folders = [entry.name.split("-") for entry in (run / "checkpoints").glob("[0-9]*")]
    return max(((int(stage), int(step)) for stage, step, _ in folders), default=(-1, -1))


def newest(run: Path) -> Path:
    stage, step = position(run)
    return next((run / "checkpoints").glob(f"{stage}-{step:08d}-*")) / "tensors.safetensors"


def assert_same_runs(one: Path, other: Path) -> None:
    """Two runs ended with the very same tensors, and reported the same on their way."""
    ours, theirs = load_file(newest(one)), load_file(newest(other))
    assert ours.keys() == theirs.keys()
    different = [name for name in ours if not np.array_equal(ours[name], theirs[name], equal_nan=True)]
    assert not different
    assert stats(one) == stats(other)


def stats(run: Path) -> list[dict[str, Any]]:
    """Each tick's position and losses, without what a clock gave."""
    lines = [json.loads(line) for line in (run / "stats.jsonl").read_text().splitlines()]
    return [{k: v for k, v in line.items() if k not in ("seconds", "images_per_second", "checksum")} for line in lines]


def _toml(values: dict[str, Any]) -> str:
    """Numbers, strings, lists and one level of tables as TOML: JSON writes these the same way. TOML has no null."""
    tables = {key: value for key, value in values.items() if isinstance(value, dict)}
    lines = _toml_lines({key: value for key, value in values.items() if key not in tables})
    for name, table in tables.items():
        lines += [f"[{name}]", *_toml_lines(table)]
    return "\n".join(lines) + "\n"


def _toml_lines(table: dict[str, Any]) -> list[str]:
    return [f"{key} = {json.dumps(value)}" for key, value in table.items() if value is not None]
