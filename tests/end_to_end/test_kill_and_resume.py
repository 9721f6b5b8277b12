"""A training killed at any moment goes on to the very weights of one that was never killed."""

import json
import os
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

from painting.training.presets import load_preset

KILLS = 10


@pytest.fixture
def preset(tmp_path: Path) -> Path:
    """The shapes preset with networks and stages small enough for a few seconds."""
    values = load_preset("shapes").as_dict() | {"tick_kimg": 0.5}
    values["data"]["size"] = 16
    values["features"] |= {"kimg": 3.0, "batch": 32, "widths": [8]}
    values["autoencoder"] |= {"kimg": 4.0, "batch": 32, "encoder_widths": [8], "decoder_widths": [16, 8]}
    values["autoencoder"] |= {"discriminator_width": 8, "adversarial_from": 0.5}
    values["prior"] |= {"kimg": 6.0, "batch": 32, "width": 32, "depth": 2, "heads": 2, "warmup_kimg": 0.5}
    path = tmp_path / "small.toml"
    path.write_text(_toml(values), encoding="utf-8")
    return path


def test_ten_kills_change_no_weight(preset: Path, tmp_path: Path) -> None:
    untouched, killed = tmp_path / "untouched", tmp_path / "killed"
    assert start(untouched, preset).wait() == 0
    moments = random.Random(0)
    kills = 0
    while kills < KILLS:
        process = start(killed, None if (killed / "run.json").is_file() else preset)
        wait_for_training(killed, process)
        time.sleep(moments.uniform(0, 0.4))
        if process.poll() is None:
            kills += 1
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert position(killed) < position(untouched), "the run ended before it was killed often enough"
    assert start(killed, None).wait() == 0
    assert_same_tensors(newest(killed), newest(untouched))
    assert stats(killed) == stats(untouched)


def test_ctrl_c_saves_and_says_how_to_go_on(preset: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    process = start(run, preset)
    wait_for_training(run, process)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate()
    assert process.returncode == 130
    assert f"painting train --run {run}" in output
    assert "Traceback" not in output
    assert position(run) > (0, 0)


def start(run: Path, preset: Path | None) -> "subprocess.Popen[str]":
    """Train in a process of its own, with one thread so that its sums are the same each time."""
    command = [sys.executable, "-m", "painting", "train", "--run", str(run), "--threads", "1", "--device", "cpu"]
    if preset:
        command += ["--preset", str(preset)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment())


def environment() -> dict[str, str]:
    return os.environ | {"OMP_NUM_THREADS": "1"}


def wait_for_training(run: Path, process: "subprocess.Popen[str]") -> None:
    """Until a step of this process is on record, or the run has ended."""
    before = position(run)
    while process.poll() is None and position(run) <= before:
        time.sleep(0.01)


def position(run: Path) -> tuple[int, int]:
    """Stage and step of the newest checkpoint."""
    folders = [entry.name.split("-") for entry in (run / "checkpoints").glob("[0-9]*")]
    return max(((int(stage), int(step)) for stage, step, _ in folders), default=(-1, -1))


def newest(run: Path) -> Path:
    stage, step = position(run)
    return next((run / "checkpoints").glob(f"{stage}-{step:08d}-*")) / "tensors.safetensors"


def assert_same_tensors(one: Path, other: Path) -> None:
    ours, theirs = load_file(one), load_file(other)
    assert ours.keys() == theirs.keys()
    different = [name for name in ours if not np.array_equal(ours[name], theirs[name], equal_nan=True)]
    assert not different


def stats(run: Path) -> list[dict[str, Any]]:
    """Each tick's position and losses, without what a clock gave."""
    lines = [json.loads(line) for line in (run / "stats.jsonl").read_text().splitlines()]
    return [{k: v for k, v in line.items() if k not in ("seconds", "images_per_second")} for line in lines]


def _toml(values: dict[str, Any]) -> str:
    """Numbers, strings, lists and one level of tables as TOML: JSON writes these the same way."""
    plain = [f"{key} = {json.dumps(value)}" for key, value in values.items() if not isinstance(value, dict)]
    for name, table in values.items():
        if isinstance(table, dict):
            plain += [f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in table.items())]
    return "\n".join(plain) + "\n"
