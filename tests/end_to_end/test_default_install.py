"""The built distributions are fit for an index; the wheel, alone in a fresh environment, paints and serves."""

import base64
import json
import re
import socket
import subprocess
import sys
import tarfile
import time
import urllib.error
import urllib.parse
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest

from painting.distribution import DISTRIBUTION_NAME
from painting.images import read_png_text

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent.parent
STUDIO = ("torch", "torchvision", "safetensors", "onnx", "onnxscript", "matplotlib")
SLOW_IMPORTS = {*STUDIO, "numpy", "PIL", "onnxruntime", "tokenizers", "flask", "apiflask", "typer"}
LARGEST_MB = 350
PATIENCE_S = 120


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution, and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "-o", folder, ROOT], check=True, capture_output=True
    )
    return folder


@pytest.fixture(scope="module")
def wheel(distributions: Path) -> Path:
    (path,) = distributions.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    """The wheel's core metadata: fields, and the README as its payload."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return message_from_bytes(archive.read(name))


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh virtual environment with the wheel and what it needs, nothing else."""
    folder = tmp_path_factory.mktemp("default") / "venv"
    venv.create(folder, with_pip=True)
    run(folder, "-m", "pip", "install", "--quiet", "--no-compile", str(wheel))
    return folder


def run(environment: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the environment's Python; a failure shows what it said."""
    command = [str(environment / "bin" / "python"), *arguments]
    # Not from the checkout, whose folders would be imported in place of what is installed.
    done = subprocess.run(command, cwd=environment, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    return done


def test_an_index_would_take_both_distributions(distributions: Path) -> None:
    files = [str(path) for path in distributions.iterdir()]
    assert len(files) == 2
    subprocess.run([sys.executable, "-m", "twine", "check", "--strict", *files], check=True)


def test_the_metadata_names_the_project_and_every_licence(metadata: Message) -> None:
    assert metadata["Name"] == DISTRIBUTION_NAME
    assert {line.split(", ")[0] for line in metadata.get_all("Project-URL", [])} >= {"Homepage", "Issues"}
    assert metadata["License-Expression"] == "MIT AND Apache-2.0 AND CC-BY-SA-3.0"
    assert len(metadata.get_all("License-File", [])) == 3
    assert "Programming Language :: Python :: 3.11" in metadata.get_all("Classifier", [])


def test_links_of_the_description_lead_to_the_repository(metadata: Message) -> None:
    description = str(metadata.get_payload())
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]*)\)", description)
    links = re.findall(r"(?<!!)\[[^\]]*\]\(([^)#][^)]*)\)", description)
    assert pictures
    assert links
    assert all(link.startswith("https://") for link in [*pictures, *links])


def test_the_source_distribution_holds_the_tests_and_what_they_need(distributions: Path) -> None:
    (path,) = distributions.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    tracked = subprocess.run(["git", "ls-files", "tests"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(tracked.stdout.splitlines()) <= names


def test_it_is_small(environment: Path) -> None:
    painters = environment.glob("lib/python*/site-packages/painting/painters/*")
    files = {path for path in environment.rglob("*") if path.is_file() and not path.is_symlink()} - set(painters)
    megabytes = sum(path.stat().st_blocks * 512 for path in files) / 1e6
    assert megabytes < LARGEST_MB


def test_nothing_of_the_studio_is_installed(environment: Path) -> None:
    code = f"from importlib.util import find_spec; print([name for name in {STUDIO} if find_spec(name)])"
    assert run(environment, "-c", code).stdout.strip() == "[]"


def test_importing_the_package_imports_nothing_slow(environment: Path) -> None:
    lines = run(environment, "-X", "importtime", "-c", "import painting").stderr.splitlines()
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}
    assert "painting" in imported
    assert not imported & SLOW_IMPORTS


def test_it_paints_with_a_painter_file(environment: Path, tiny_painter: Path, tmp_path: Path) -> None:
    where = ["--painter", str(tiny_painter), "--out", str(tmp_path / "out")]
    painted = paint(environment, "a red rose", "--count", "2", "--seed", "7", *where)
    assert [path.name for path in painted] == ["a-red-rose-7.png", "a-red-rose-8.png"]
    assert read_png_text(painted[0].read_bytes()) == {"prompt": "a red rose", "seed": "7", "painter": "tiny"}


def test_it_paints_with_what_is_bundled(environment: Path, tmp_path: Path) -> None:
    if not list((ROOT / "src/painting/painters").glob("*.painter")):
        pytest.skip("no painter is bundled yet")
    assert len(paint(environment, "a red rose", "--count", "1", "--out", str(tmp_path))) == 1


def test_doctor_says_what_training_lacks(environment: Path, wheel: Path) -> None:
    shown = subprocess.run([environment / "bin" / "painting", "doctor"], capture_output=True, text=True, check=True)
    assert f'--torch-backend auto "{wheel}[train]"' in shown.stdout
    assert "text encoder minilm-l6: works" in shown.stdout


def test_training_says_which_extra_it_needs(environment: Path, wheel: Path, tmp_path: Path) -> None:
    command = [str(environment / "bin" / "painting"), "train", "--run", str(tmp_path / "run")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert f'--torch-backend auto "{wheel}[train]"' in done.stderr


@pytest.fixture
def address(environment: Path, tiny_painter: Path) -> Iterator[str]:
    """The address of a server that runs in the fresh environment."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(environment / "bin" / "painting"), "serve", "--painter", str(tiny_painter), "--port", str(port)]
    with subprocess.Popen(command, stdout=sys.stderr) as server:
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(PATIENCE_S)


def test_it_serves(address: str) -> None:
    query = urllib.parse.urlencode({"input": "a red rose", "seed": 7})
    answer = json.loads(get_when_up(f"{address}/?{query}"))
    pictures = [base64.b64decode(picture) for picture in answer["images"]]
    assert len(pictures) == 5
    assert read_png_text(pictures[1])["seed"] == "8"


def paint(environment: Path, *arguments: str) -> list[Path]:
    """Run `painting paint` in the environment and return what it says that it wrote."""
    done = run(environment, str(environment / "bin" / "painting"), "paint", *arguments)
    return [Path(line) for line in done.stdout.splitlines()]


def get_when_up(url: str) -> bytes:
    """What a server answers, as soon as it does."""
    patience_ends = time.monotonic() + PATIENCE_S
    while True:
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE_S) as answer:
                content: bytes = answer.read()
                return content
        except urllib.error.HTTPError:
            raise
        except OSError:
            assert time.monotonic() < patience_ends, f"{url} does not answer"
            time.sleep(0.2)
