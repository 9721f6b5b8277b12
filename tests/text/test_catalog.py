"""Text encoders are found by name: bundled ones, then the user's; what is missing is said with how to get it."""

import shutil
import warnings
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import ExportedClip, MakePainter

from painting.errors import PainterFileError, TextEncoderError
from painting.paint.painter import Painter
from painting.paint.prompt_warnings import PromptTruncated
from painting.text.catalog import BUNDLED_FOLDER, bundled_names, find, how_to_get, is_installed, names, user_folder
from painting.text.encoder import TextEncoder


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder of text encoders, not there yet."""
    folder = tmp_path / "text_encoders"
    monkeypatch.setenv("PAINTING_TEXT_ENCODERS", str(folder))
    return folder


@pytest.fixture
def with_clip(exported_clip: ExportedClip, monkeypatch: pytest.MonkeyPatch) -> ExportedClip:
    """The user's folder holds the text encoder of a small CLIP."""
    monkeypatch.setenv("PAINTING_TEXT_ENCODERS", str(exported_clip.user_folder))
    return exported_clip


def test_the_users_folder_is_below_home_unless_it_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PAINTING_TEXT_ENCODERS", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert user_folder() == tmp_path / ".local/share/painting/text_encoders"
    monkeypatch.setenv("PAINTING_TEXT_ENCODERS", "/elsewhere")
    assert user_folder() == Path("/elsewhere")


def test_without_a_home_the_bundled_ones_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("PAINTING_TEXT_ENCODERS", raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    assert names() == bundled_names()
    with pytest.raises(TextEncoderError, match=r"no home folder .* set PAINTING_TEXT_ENCODERS"):
        user_folder()


@pytest.mark.usefixtures("user")
def test_a_folder_that_is_not_there_holds_none() -> None:
    assert names() == ["minilm-l6"] and not is_installed("clip-vit-b32")


def test_the_users_are_named_after_the_bundled_ones(with_clip: ExportedClip) -> None:
    assert names() == ["minilm-l6", "tiny-clip"] and is_installed("tiny-clip")
    assert find("tiny-clip") == with_clip.folder
    assert TextEncoder.load("tiny-clip").id == "tiny-clip"


def test_a_bundled_one_goes_before_the_users_of_the_same_name(user: Path) -> None:
    shutil.copytree(BUNDLED_FOLDER / "minilm-l6", user / "minilm-l6")
    assert names() == ["minilm-l6"] and find("minilm-l6") == BUNDLED_FOLDER / "minilm-l6"


def test_what_is_hidden_or_no_text_encoder_is_passed_over(user: Path) -> None:
    shutil.copytree(BUNDLED_FOLDER / "minilm-l6", user / ".unfinished-abc")
    (user / "notes").mkdir()
    assert names() == ["minilm-l6"]


@pytest.mark.parametrize("name", ["clip-vit-b32", "bert", "x" * 5000, "a\0b", "../minilm-l6"])
@pytest.mark.usefixtures("user")
def test_an_unknown_name_is_refused_in_one_sentence(name: str) -> None:
    with pytest.raises(
        TextEncoderError, match=r"there is no text encoder .*: give a folder, a zip file or one of"
    ) as caught:
        find(name)
    makes_it = "painting text-encoder export openai/clip-vit-base-patch32" in str(caught.value)
    assert makes_it is (name == "clip-vit-b32") and len(str(caught.value)) < 400


def test_a_painter_finds_its_text_encoder_by_id_and_paints(
    with_clip: ExportedClip, clip_encoder: TextEncoder, make_painter: MakePainter
) -> None:
    painter = Painter.load(make_painter(encoder=clip_encoder))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        red, white = (np.asarray(painter.paint(prompt, 1, 3)[0]) for prompt in ("a red rose", "a white rose"))
    assert red.shape == (16, 16, 3) and not np.array_equal(red, white)
    with pytest.warns(PromptTruncated):
        painter.paint("rose " * 90, 1)


@pytest.mark.parametrize("encoder_id", ["clip-vit-b32", "tiny-clip"])
def test_a_painter_without_its_text_encoder_says_how_to_get_it(
    user: Path, clip_encoder: TextEncoder, make_painter: MakePainter, encoder_id: str
) -> None:
    path = make_painter(encoder=clip_encoder, text_encoder_id=encoder_id)
    with pytest.raises(PainterFileError) as caught:
        Painter.load(path)
    assert f"it needs the text encoder '{encoder_id}', which is not installed" in str(caught.value)
    assert how_to_get(encoder_id) in str(caught.value)
    assert ("openai/clip-vit-base-patch32" if encoder_id == "clip-vit-b32" else str(user)) in how_to_get(encoder_id)


def test_a_painter_is_not_given_another_version_of_its_text_encoder(
    with_clip: ExportedClip, clip_encoder: TextEncoder, make_painter: MakePainter
) -> None:
    path = make_painter(encoder=clip_encoder, text_encoder_sha256="0" * 64)
    with pytest.raises(PainterFileError, match="trained with another version of the text encoder 'tiny-clip'"):
        Painter.load(path)
