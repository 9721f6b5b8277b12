"""A text encoder's files are read from a folder or a zip file, and its description says what it is."""

import json
import zipfile
from pathlib import Path

import pytest

from painting.errors import TextEncoderError
from painting.text.catalog import BUNDLED_FOLDER
from painting.text.encoder_file import (
    DESCRIPTION_FILE,
    GRAPH_FILE,
    LICENCE_FILE,
    MAX_FILE_BYTES,
    TOKENIZER_FILE,
    EncoderDescription,
    read_description,
    read_files,
)

MINILM = BUNDLED_FOLDER / "minilm-l6"
TINY = EncoderDescription("tiny", 8, 16, "[UNK]", members={GRAPH_FILE: "ab", TOKENIZER_FILE: "cd"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "tiny"
    made.mkdir()
    for name in MAX_FILE_BYTES:
        (made / name).write_bytes(TINY.to_json() if name == DESCRIPTION_FILE else name.encode())
    return made


def test_a_description_comes_back_as_it_was_written() -> None:
    assert EncoderDescription.from_json(TINY.to_json()) == TINY
    assert EncoderDescription.from_json(TINY.to_json()).to_json() == TINY.to_json()


def test_a_description_without_its_origin_is_of_unknown_origin() -> None:
    fields = json.loads(TINY.to_json())
    for name in ("pooling", "model", "licence"):
        del fields[name]
    found = EncoderDescription.from_json(json.dumps(fields).encode())
    assert (found.pooling, found.model, found.licence) == ("unknown", "unknown", "unknown")


@pytest.mark.parametrize("name", ["id", "width", "longest_prompt", "unknown_token", "members", "format_version"])
def test_a_description_without_a_field_is_refused(name: str) -> None:
    fields = json.loads(TINY.to_json())
    del fields[name]
    with pytest.raises(TextEncoderError):
        EncoderDescription.from_json(json.dumps(fields).encode())


def test_the_bundled_encoder_is_described(folder: Path) -> None:
    found = read_description(MINILM)
    assert (found.id, found.width, found.longest_prompt) == ("minilm-l6", 384, 256)


def test_a_folder_and_a_zip_file_hold_the_same_files(folder: Path, tmp_path: Path) -> None:
    (folder / LICENCE_FILE).write_text("free")
    with zipfile.ZipFile(tmp_path / "tiny.zip", "w") as archive:
        for path in folder.iterdir():
            archive.write(path, path.name)
    assert read_files(tmp_path / "tiny.zip") == read_files(folder)
    assert set(read_files(folder)) == {DESCRIPTION_FILE, GRAPH_FILE, TOKENIZER_FILE}


def test_a_file_that_is_missing_or_too_large_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MAX_FILE_BYTES, GRAPH_FILE, 3)
    with pytest.raises(TextEncoderError, match=f"its {GRAPH_FILE} is larger than 3 bytes"):
        read_files(folder)
    monkeypatch.undo()
    (folder / TOKENIZER_FILE).unlink()
    with pytest.raises(TextEncoderError, match=f"its {TOKENIZER_FILE} cannot be read: No such file"):
        read_files(folder)
