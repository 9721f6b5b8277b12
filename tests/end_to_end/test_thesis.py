"""The commands of docs/thesis.md run: those that train in a short form; those that need more than is here are named."""

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.training.tiny_presets import write_one_step_digits

from painting.cli import run
from painting.training.preset_loader import load_preset

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "thesis.md").read_text(encoding="utf-8")
TIMEOUT_SECONDS = 240
SHORT_FORMS = {
    "painting train --preset digits --run runs/digits": "--threads 1",
    "painting data split my-flowers --test 20%": "",
    "painting train my-flowers --preset tac-gan --epochs 200 --snapshots 10 --run runs/tac": "--epochs 1 --threads 1",
    "painting train --run runs/tac": "",
    "painting evaluate runs/tac --data my-flowers --extractors efficientnet": "--pictures 4 --generations 1",
    "painting evaluate runs/tac --data my-flowers --extractors inception": "--no-download --pictures 4 --generations 1",
}
ELSEWHERE = {
    "painting text-encoder export": "needs the hub; tests/training/export writes a small CLIP of its own",
    "painting train my-flowers --preset tac-gan --text-encoder clip-vit-b32": "needs what that command makes",
    "python3 -m flask": "test_flask_serves_the_thesis_s_address",
    "curl": "test_flask_serves_the_thesis_s_address",
    "cd frontend": "tests/end_to_end/test_page.py",
    "docker": "needs a container engine; tests/deploy reads the files",
    "jupyter lab": "tests/notebooks",
    "pip install": "tests/end_to_end/test_default_install.py",
}


def commands() -> list[str]:
    """The shell lines of the page, without their comments."""
    blocks = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    lines = [line.partition("#")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to run in: my-flowers with 10 captioned pictures of two kinds, and short presets."""
    folder = tmp_path_factory.mktemp("thesis")
    flowers = folder / "my-flowers"
    flowers.mkdir()
    draws = np.random.default_rng(0)
    rows = []
    for number in range(10):
        kind = ("rose", "tulip")[number % 2]
        Image.fromarray(draws.integers(0, 256, (130, 130, 3), dtype=np.uint8)).save(flowers / f"{number}.png")
        rows.append({"file_name": f"{number}.png", "text": f"a {kind}", "kind": kind})
    (flowers / "metadata.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    text = (ROOT / "src/painting/training/presets/tac-gan.toml").read_text(encoding="utf-8")
    narrow = re.sub(r"_widths = .*", lambda found: found[0].split("=")[0] + "= [16, 8, 8, 8, 8]", text, count=1)
    narrow = re.sub(r"(?<=discriminator_widths = ).*", "[8, 8, 8, 16]", narrow).replace("batch = 64", "batch = 4")
    narrow = narrow.replace("kimg = 700.0", "kimg = 0.1")
    (folder / "tac-gan.toml").write_text(narrow)
    write_one_step_digits(folder / "digits.toml")
    return folder


def run_short(line: str) -> int:
    """Run a line of the page with its short form's options, in this process, which has loaded torch; its exit code."""
    words = shlex.split(line)
    added = shlex.split(SHORT_FORMS[line])
    for option in added:  # it takes the place of the page's
        if option.startswith("--") and option in words:
            at = words.index(option)
            del words[at : at + 2]
    program, *arguments = (f"{word}.toml" if word in {"digits", "tac-gan"} else word for word in words)
    assert program == "painting"
    return run([*arguments, *added])


def test_every_command_is_run_here_or_elsewhere() -> None:
    left = [line for line in commands() if line not in SHORT_FORMS and not line.startswith(tuple(ELSEWHERE))]
    assert left == []
    assert set(SHORT_FORMS) <= set(commands())


def test_the_commands_of_training_and_measuring_run_in_the_page_s_order(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PAINTING_CACHE", str(folder / "cache"))
    monkeypatch.setattr("torch.set_num_threads", lambda count: None)  # of the process that runs other tests too
    for line in commands():
        if line not in SHORT_FORMS:
            continue
        code, (printed, errors) = run_short(line), capsys.readouterr()
        if "inception" in line:  # its weights are not here: named, with how to get them
            assert "inception" in printed + errors
        else:
            assert code == 0, f"{line}\n{errors}"
    saved = {path.name for path in (folder / "runs/tac/saved/networks").iterdir()}
    assert any(re.fullmatch(r"generator_ema-\d+\.\d+kimg-epoch\d+(\.\d+)?\.safetensors", name) for name in saved), saved
    report = json.loads((folder / "runs/tac/evaluation/report.json").read_text())
    assert {figure["split"] for figure in report["painters"][0]["figures"]} >= {"train", "test"}


def test_the_presets_have_the_thesis_s_networks() -> None:
    assert load_preset("tac-gan").as_dict()["generator_widths"][0] == 1024
    assert "100 + 512 → 1024 + 20" in PAGE


@pytest.fixture
def flask_address(monkeypatch: pytest.MonkeyPatch, tiny_painter: Path) -> Iterator[str]:
    """The address of the page's Flask command, on a free port."""
    monkeypatch.setenv("PAINTING_PAINTER", str(tiny_painter))
    line = next(line for line in commands() if "flask" in line)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    words = [port if word == "3000" else word for word in shlex.split(line)]
    command = [sys.executable if word == "python3" else word for word in words]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        yield f"http://127.0.0.1:{port}"
        server.terminate()


def test_flask_serves_the_thesis_s_address(flask_address: str) -> None:
    line = next(line for line in commands() if line.startswith("curl"))
    query = shlex.split(line)[1].partition(":3000")[2]
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while True:
        try:
            with urllib.request.urlopen(flask_address + query, timeout=TIMEOUT_SECONDS) as response:
                answer = json.load(response)
            break
        except OSError:
            assert time.monotonic() < deadline, "flask does not answer"
            time.sleep(0.2)
    assert len(answer["images"]) == 5
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(flask_address, timeout=TIMEOUT_SECONDS)
    refused.value.close()
    assert refused.value.code == 400


def test_the_page_s_folders_and_programs_are_there() -> None:
    for path in re.findall(r"\]\(\.\./([^)#]+)", PAGE):
        assert (ROOT / path).exists(), path
    assert shutil.which("node")
    assert os.access(ROOT / "frontend" / "package.json", os.R_OK)
