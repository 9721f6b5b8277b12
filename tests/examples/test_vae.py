"""The example of a plug-in model is found by its entry point, trains, resumes, and is exported as a painter."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "vae"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the example is installed."""
    folder = tmp_path_factory.mktemp("site")
    source = shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("source") / "vae")  # pip builds where the source lies
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--target", str(folder)]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, str(source)], check=True, timeout=120)
    return folder


def painting(plugin: Path, *arguments: str) -> str:
    """Run a command of painting with the plug-in installed; returns what it prints."""
    path = os.pathsep.join([str(plugin), str(ROOT / "src")])
    done = subprocess.run(
        [sys.executable, "-m", "painting", *arguments],
        env=os.environ | {"PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_trains_and_paints_digits_like_any_other_model(plugin: Path, tmp_path: Path) -> None:
    run, painter, pictures = (str(tmp_path / name) for name in ("run", "vae.painter", "pictures"))
    painting(plugin, "train", "--preset", str(EXAMPLE / "vae.toml"), "--kimg", "2", "--run", run)
    painting(plugin, "train", "--run", run)  # a finished run is resumed at its end
    painting(plugin, "export", run, "-o", painter)
    painting(plugin, "paint", "--painter", painter, "--count", "3", "--seed", "7", "--out", pictures)
    assert len(list(Path(pictures).glob("*.png"))) == 3


def test_without_the_plugin_its_model_is_refused_by_name(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "painting", "train", "--preset", str(EXAMPLE / "vae.toml")]
    done = subprocess.run(
        [*command, "--run", str(tmp_path / "run")],
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1
    assert "preset.model must be one of" in done.stderr


def test_the_kl_divergence_of_a_standard_normal_is_zero(plugin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(plugin))
    from painting_vae.training import kl_divergence  # type: ignore[import-not-found]

    assert kl_divergence(torch.zeros(4, 3), torch.zeros(4, 3)).item() == 0
    assert kl_divergence(torch.ones(4, 3), torch.zeros(4, 3)).item() == pytest.approx(3 / 2)


def test_the_page_shows_the_examples_code() -> None:
    page = (ROOT / "docs" / "a-model.md").read_text(encoding="utf-8")
    code = "".join(path.read_text(encoding="utf-8") for path in [*EXAMPLE.rglob("*.py"), *EXAMPLE.glob("*.toml")])
    blocks = [block.split("```")[0] for block in re.split(r"```(?:python|toml)\n", page)[1:]]
    assert len(blocks) == 6
    assert [block for block in blocks if block not in code] == []
