"""The bundled text encoder against the vectors of the model that it was made from, and what it refuses."""

import json
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest

from painting.cleaning import MAX_TEXT_LENGTH
from painting.errors import TextEncoderError
from painting.images import FloatArray
from painting.text.catalog import BUNDLED_FOLDER
from painting.text.encoder import TextEncoder

GOLDEN = Path(__file__).parents[1] / "golden"
MINILM = BUNDLED_FOLDER / "minilm-l6"


@pytest.fixture(scope="module")
def encoder() -> TextEncoder:
    return TextEncoder.load()


@pytest.fixture(scope="module")
def captions() -> list[dict[str, str]]:
    entries: list[dict[str, str]] = json.loads((GOLDEN / "captions.json").read_text(encoding="utf-8"))
    return entries


@pytest.fixture(scope="module")
def original() -> FloatArray:
    vectors: FloatArray = np.load(GOLDEN / "caption_vectors.npy").astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return shutil.copytree(MINILM, tmp_path / "encoder")


def test_vectors_agree_with_the_original(
    encoder: TextEncoder, captions: list[dict[str, str]], original: FloatArray
) -> None:
    vectors = encoder.encode([entry["caption"] for entry in captions])
    cosines = (vectors * original).sum(1)
    assert len(cosines) == 50
    assert cosines.min() >= 0.95


def test_a_prompt_wakes_no_second_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("painting.onnx_session.available_cores", lambda: 8)
    assert TextEncoder.load()._session.get_session_options().intra_op_num_threads == 1


def test_each_paraphrase_finds_its_own_caption(
    encoder: TextEncoder, captions: list[dict[str, str]], original: FloatArray
) -> None:
    paraphrases = encoder.encode([entry["paraphrase"] for entry in captions])
    ours = encoder.encode([entry["caption"] for entry in captions])
    assert (paraphrases @ ours.T).argmax(1).tolist() == list(range(50))
    assert (paraphrases @ original.T).argmax(1).tolist() == list(range(50))


def test_vectors_are_float32_of_length_one(encoder: TextEncoder) -> None:
    vectors = encoder.encode(["a red rose", "a field of lavender under a wide evening sky"])
    assert vectors.shape == (2, encoder.width) == (2, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_vectors(encoder: TextEncoder) -> None:
    assert encoder.encode([]).shape == (0, 384)


def test_a_text_does_not_depend_on_its_batch(encoder: TextEncoder) -> None:
    texts = ["a rose", "a very large yellow sunflower that stands in the garden of an old house", "rose " * 400]
    together = encoder.encode(texts)
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    assert np.array_equal(together, alone)


@pytest.mark.parametrize(
    ("text", "readable"),
    [
        ("a rose", True),
        ("وردة حمراء", True),
        ("красная роза", True),
        ("장미", True),
        ("🌹🌻", False),
        ("🌹 rose", True),
        ("!? …", False),
        ("7", True),
        ("", False),
    ],
)
def test_readable_needs_one_known_token_that_shows_something(encoder: TextEncoder, text: str, readable: bool) -> None:
    assert encoder.readable(text) is readable


def test_only_texts_beyond_the_longest_prompt_are_truncated(encoder: TextEncoder) -> None:
    words = encoder.longest_prompt - 2  # beside the tokens that begin and end a text
    assert not encoder.truncated("rose " * words)
    assert encoder.truncated("rose " * (words + 1))
    assert np.array_equal(encoder.encode(["rose " * words]), encoder.encode(["rose " * (words + 50)]))


def test_tokens_are_counted_as_far_as_they_are_read(encoder: TextEncoder) -> None:
    assert encoder.token_count("a red rose") == 5  # and the two around them
    assert encoder.token_count("rose " * 999) == encoder.longest_prompt


def test_what_is_beyond_any_prompt_never_reaches_the_tokenizer(encoder: TextEncoder) -> None:
    endless = "rose 花" * 10_000_000  # the tokenizer would take some ten gigabytes for it
    assert encoder.truncated(endless) and encoder.readable(endless)
    assert np.array_equal(encoder.encode([endless]), encoder.encode(["rose 花" * 200]))
    assert encoder.truncated("x" * (MAX_TEXT_LENGTH + 1)) and not encoder.truncated("x" * MAX_TEXT_LENGTH)


def test_special_tokens_that_a_prompt_spells_are_text(encoder: TextEncoder) -> None:
    spelt, plain = encoder.encode(["a rose [SEP] in the snow", "a rose ( sep ) in the snow"])
    assert encoder.readable("[UNK]") and not np.array_equal(spelt, plain)
    assert spelt @ plain > 0.8


def test_a_clip_reads_77_tokens_and_keeps_the_last_which_ends_the_text(clip_encoder: TextEncoder) -> None:
    assert clip_encoder.longest_prompt == 77
    assert not clip_encoder.truncated("rose " * 75) and clip_encoder.truncated("rose " * 76)
    full, longer, shorter = clip_encoder.encode(["rose " * 75, "rose " * 300, "rose " * 74])
    assert np.array_equal(full, longer) and not np.allclose(full, shorter, atol=1e-3)


def test_a_clips_vectors_are_as_its_graph_gives_them(clip_encoder: TextEncoder) -> None:
    vectors = clip_encoder.encode(["a red rose", "a white rose"])
    assert vectors.shape == (2, 32)
    assert not np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=0.5)


@pytest.mark.parametrize(
    ("text", "readable"),
    [
        ("rose", True),
        ("xyz", True),
        ("7", True),
        ("🌹🌻", False),
        ("花", False),
        ("🌹 rose", True),
        ("!?", False),
        ("", False),
    ],
)
def test_a_byte_level_clip_still_reads_no_letter_outside_its_vocabulary(
    clip_encoder: TextEncoder, text: str, readable: bool
) -> None:
    assert clip_encoder.readable(text) is readable


def test_a_prompt_that_spells_the_end_of_a_text_goes_on(clip_encoder: TextEncoder) -> None:
    spelt, cut = clip_encoder.encode(["a red <|endoftext|> rose", "a red"])
    assert not np.allclose(spelt, cut, atol=1e-3)


def test_a_folder_and_a_zip_give_the_same_encoder(encoder: TextEncoder, tmp_path: Path) -> None:
    path = tmp_path / "encoder.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in MINILM.iterdir():
            archive.write(file, file.name)
    zipped = TextEncoder.load(path)
    assert zipped.sha256 == encoder.sha256
    assert np.array_equal(zipped.encode(["a rose"]), encoder.encode(["a rose"]))


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(TextEncoderError, match=r"no text encoder 'bert'.*minilm-l6"):
        TextEncoder.load("bert")


@pytest.mark.parametrize("name", ["text_encoder.onnx", "tokenizer.json"])
def test_a_changed_file_is_refused(copy: Path, name: str) -> None:
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(content)
    with pytest.raises(TextEncoderError, match=f"{name} is not the one"):
        TextEncoder.load(copy)


@pytest.mark.parametrize("name", ["text_encoder.json", "text_encoder.onnx", "tokenizer.json"])
def test_a_missing_file_is_refused(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(TextEncoderError, match=f"{name} cannot be read"):
        TextEncoder.load(copy)


@pytest.mark.parametrize("field", ["width", "longest_prompt", "id", "members", "unknown_token"])
@pytest.mark.parametrize("value", [None, -1, [], "x" * 200])
def test_a_description_that_makes_no_sense_is_refused(copy: Path, field: str, value: object) -> None:
    path = copy / "text_encoder.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {field: value}), encoding="utf-8")
    with pytest.raises(TextEncoderError) as caught:
        TextEncoder.load(copy)
    assert "\n" not in str(caught.value)


def test_a_later_format_is_refused(copy: Path) -> None:
    path = copy / "text_encoder.json"
    path.write_text(json.dumps({"format_version": 2}), encoding="utf-8")
    with pytest.raises(TextEncoderError, match="format version 2"):
        TextEncoder.load(copy)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "encoder.zip"
    path.write_bytes(b"not a zip at all")
    with pytest.raises(TextEncoderError, match="not a readable zip"):
        TextEncoder.load(path)
