"""Painters and text encoders are sent as they are, described as by the API."""

import gzip
from pathlib import Path

import pytest

from painting.errors import PainterFileError, TextEncoderError
from painting.paint.description import describe
from painting.paint.painter import Painter
from painting.site.painters import encoder_files, painter_files
from painting.text import catalog


def test_a_painter_s_entry_is_its_description_and_its_files(tiny_painter: Path) -> None:
    entry, files = painter_files(str(tiny_painter))
    contents = {file.address: file.content for file in files}
    assert contents[entry["file"]["file"]] == tiny_painter.read_bytes()
    assert contents[entry["samples"].removeprefix("/")] == Painter.load(tiny_painter).samples_webp
    assert entry["examples"]["file"] in contents
    assert entry["text_encoder"] == "minilm-l6"
    assert describe(Painter.load(tiny_painter)).items() <= entry.items()


def test_a_painter_without_prompts_has_neither_examples_nor_a_text_encoder(unconditional_painter: Path) -> None:
    entry, files = painter_files(str(unconditional_painter))
    assert (entry["examples"], entry["text_encoder"], len(files)) == (None, None, 2)


def test_a_painter_whose_text_encoder_is_missing_is_refused(
    tiny_painter: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(catalog, "BUNDLED_FOLDER", tmp_path / "none")
    monkeypatch.setenv(catalog.FOLDER_ENV_VARIABLE, str(tmp_path / "nor here"))
    with pytest.raises(PainterFileError, match="needs the text encoder 'minilm-l6', which is not installed"):
        painter_files(str(tiny_painter))
    with pytest.raises(TextEncoderError, match="there is no text encoder 'minilm-l6'"):
        encoder_files("minilm-l6")


def test_a_text_encoder_is_packed_and_described() -> None:
    entry, (graph, tokenizer) = encoder_files("minilm-l6")
    folder = catalog.BUNDLED_FOLDER / "minilm-l6"
    assert gzip.decompress(graph.content) == (folder / "text_encoder.onnx").read_bytes()
    assert gzip.decompress(tokenizer.content) == (folder / "tokenizer.json").read_bytes()
    assert entry["graph"] == graph.entry() and entry["tokenizer"] == tokenizer.entry()
    assert (entry["width"], entry["longest_prompt"], entry["unknown_token"]) == (384, 256, "[UNK]")
