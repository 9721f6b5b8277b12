"""`painting text-encoder` makes and lists text encoders, and answers what it cannot do in one line."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import ExportedClip

from painting.cli import run as painting

pytestmark = pytest.mark.slow


@pytest.fixture
def user(exported_clip: ExportedClip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder with the text encoder of a small CLIP in it."""
    folder = tmp_path / "text_encoders"
    shutil.copytree(exported_clip.user_folder, folder)
    monkeypatch.setenv("PAINTING_TEXT_ENCODERS", str(folder))
    return folder


def test_export_says_what_it_made_and_how_to_train_with_it(exported_clip: ExportedClip) -> None:
    output = " ".join(exported_clip.output.split())
    size = sum(path.stat().st_size for path in exported_clip.folder.iterdir()) / 1e6
    assert f"Wrote {exported_clip.folder} ({size:.1f} MB, weights in half precision): tiny-clip, 32 numbers" in output
    assert "at most 77 tokens; licence: unknown: see the model's page." in output
    assert output.endswith("Train with it: painting train FOLDER --text-encoder tiny-clip")


def test_list_has_bundled_and_installed_ones_and_what_can_be_made(
    user: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(user / "tiny-clip", user / "another-name")
    (user / "broken").mkdir()
    (user / "broken" / "text_encoder.json").write_text("{}")
    assert painting(["text-encoder", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "minilm-l6", "another-name", "broken", "tiny-clip", "clip-vit-b32",
    ]  # fmt: skip
    assert lines[0] == "minilm-l6: 384 numbers a text, at most 256 tokens, Apache-2.0; bundled"
    assert lines[1].endswith(f"; {user / 'another-name'}; its id is tiny-clip")
    assert lines[2].startswith("broken: cannot be used, it has format version None")
    assert "32 numbers a text, at most 77 tokens" in lines[3] and lines[3].endswith(f"; {user / 'tiny-clip'}")
    assert lines[4] == "clip-vit-b32: not here; make it with: painting text-encoder export openai/clip-vit-base-patch32"


@pytest.mark.parametrize("name", ["transformers", "torch"])
def test_without_the_extra_export_says_how_to_install_it(name: str, user: Path) -> None:
    program = (
        f"import sys; sys.modules[{name!r}] = None; from painting.cli import run; "
        "print(run(['text-encoder', 'export', 'anything']), run(['text-encoder', 'list']))"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert result.stderr.startswith("error: Exporting a text encoder needs the clip extra: pip install ")
    assert result.stderr.endswith('[clip]"\n')
    assert "tiny-clip: 32 numbers a text" in result.stdout and result.stdout.endswith("2 0\n")


def test_export_refuses_to_write_over_what_is_there(
    user: Path, exported_clip: ExportedClip, capsys: pytest.CaptureFixture[str]
) -> None:
    assert painting(["text-encoder", "export", str(exported_clip.source)]) == 2
    said = f"error: {user / 'tiny-clip'} is there already: move it away, or name another folder with -o\n"
    assert said in capsys.readouterr().err


def test_a_folder_that_is_no_clip_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert painting(["text-encoder", "export", str(tmp_path), "-o", str(tmp_path / "out")]) == 2
    assert f"error: {tmp_path} is not a model in Hugging Face's layout" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
