"""Known captions come back as they were written; whatever does not fit together is refused in one sentence."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from painting.errors import PainterFileError
from painting.files import painter_file
from painting.files.known_captions import CAPTIONS_MEMBER, MAX_KNOWN_BYTES, VECTORS_MEMBER, KnownCaptions

WIDTH = 3
ROWS = np.array([[127, 0, 0], [0, -127, 0], [60, 60, 60]], np.int8)
KNOWN = KnownCaptions(
    ("a red rose", "a tulip"), ("rose", "red", "tulip"), ("crimson",), 0.5, 0.4, ROWS.tobytes(), WIDTH
)


def changed(fields: dict[str, Any], vectors: bytes = KNOWN.vectors) -> dict[str, bytes]:
    described = json.loads(KNOWN.members()[CAPTIONS_MEMBER]) | fields
    return {CAPTIONS_MEMBER: json.dumps(described).encode(), VECTORS_MEMBER: vectors}


def test_what_is_written_is_read() -> None:
    assert KnownCaptions.from_members(KNOWN.members(), WIDTH) == KNOWN
    assert np.allclose(np.linalg.norm(KNOWN.directions, axis=1), 1)
    assert np.allclose(KNOWN.directions[1], [0, -1, 0])


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        (changed({"captions": []}), "do not fit 0 captions"),
        (changed({"captions": ["a"] * 4}), "do not fit 4 captions"),
        (changed({"captions": ["a rose"], "words": ["rose"]}), "do not fit 1 captions and 1 words"),
        (changed({}, KNOWN.vectors[:-1]), "has 8 bytes"),
        (changed({}, b""), "has 0 bytes"),
        (changed({}, bytes(9)), "row of zeros"),
        (changed({"captions": ["a \x1b[31m rose", "b"]}), "'captions' must be a list of at most 4096 clean texts"),
        (changed({"captions": ["", "b"]}), "'captions' must be"),
        (changed({"captions": [1, "b"]}), "'captions' must be"),
        (changed({"captions": "rose"}), "'captions' must be"),
        (changed({"words": None}), "'words' must be"),
        (changed({"min_cosine": "high"}), "'min_cosine' must be a number from -1 to 1"),
        (changed({"min_cosine": 1.5}), "'min_cosine' must be"),
        (changed({"min_word_cosine": float("nan")}), "is not JSON: NaN"),
        (changed({"min_word_cosine": True}), "'min_word_cosine' must be"),
        (changed({}, bytes(MAX_KNOWN_BYTES)), "200000 are the most"),
        ({CAPTIONS_MEMBER: b"[]", VECTORS_MEMBER: b"\1\1\1"}, "is not a JSON object"),
        ({CAPTIONS_MEMBER: b"{", VECTORS_MEMBER: b"\1\1\1"}, "is not JSON"),
    ],
)
def test_what_does_not_fit_together_is_refused(members: dict[str, bytes], sentence: str) -> None:
    with pytest.raises(PainterFileError, match=sentence) as caught:
        KnownCaptions.from_members(members, WIDTH)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 200


def test_a_painter_without_prompts_has_no_captions() -> None:
    with pytest.raises(PainterFileError, match="takes no prompt"):
        KnownCaptions.from_members(KNOWN.members(), None)


def test_a_painter_file_holds_them_and_changes_nothing_else(tiny_painter: Path, tmp_path: Path) -> None:
    plain = painter_file.read(tiny_painter)
    width = plain.manifest.text_width
    assert plain.captions is None and width is not None
    known = replace(KNOWN, vectors=np.ones((3, width), np.int8).tobytes(), width=width)
    painter_file.save(tmp_path / "with.painter", replace(plain, captions=known))
    again = painter_file.read(tmp_path / "with.painter")
    assert again.captions == known
    assert (again.generator, again.samples_webp) == (plain.generator, plain.samples_webp)
    assert replace(again.manifest, members={}) == replace(plain.manifest, members={})
    painter_file.save(tmp_path / "without.painter", replace(again, captions=None))
    assert (tmp_path / "without.painter").read_bytes() == tiny_painter.read_bytes()


def test_one_of_both_members_is_not_enough(tiny_painter: Path, tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tiny_painter, "a") as archive:
        archive.writestr(CAPTIONS_MEMBER, b"{}")
    with pytest.raises(PainterFileError, match=f"it has no {VECTORS_MEMBER}"):
        painter_file.read(tiny_painter)
