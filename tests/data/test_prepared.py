import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from painting.data.digits.dataset import MNIST_FOLDER
from painting.data.folder.listing import read_folder
from painting.data.picture_set import CaptionedSet
from painting.data.prepared import CaptionsNotEnglish, CaptionsTruncated, prepare
from painting.data.text.synonyms import wordings
from painting.errors import DataError

AddPicture = Callable[[str, bytes | Image.Image], Path]


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}


def test_a_folder_becomes_a_picture_set(folder: Path, encoder: Any, cache: Path) -> None:
    made: CaptionedSet = prepare(folder, 24, 2, encoder, cache)
    assert (made.size, made.count) == (24, 6)
    assert made.attributes == ("kind=rose", "kind=tulip")
    assert (made.text_encoder_id, made.text_encoder_sha256) == (encoder.id, encoder.sha256)
    assert made.summary == {
        "source": "pictures", "pictures": 3, "views": 2, "size": 24, "captions": 6, "different_captions": 5,
        "skipped": 0, "skipped_why": {},
    }  # fmt: skip
    assert str(folder.parent) not in json.dumps(made.summary)


def test_captions_beyond_the_longest_prompt_are_a_warning(folder: Path, encoder: Any, cache: Path) -> None:
    rows = [{"file_name": "a.png", "caption": "a very " + "very " * 30 + "red rose"}]
    rows.append({"file_name": "b.png", "caption": "a rose"})
    (folder / "metadata.jsonl").write_text("\n".join(map(json.dumps, rows)))
    with pytest.warns(CaptionsTruncated, match="1 of 2 captions are longer than the text encoder hash reads"):
        prepare(folder, 24, 1, encoder, cache)


@pytest.mark.parametrize("caption", ["красная rose", "eine rote rose", "红色 rose"])
def test_captions_in_another_language_are_a_warning(folder: Path, encoder: Any, cache: Path, caption: str) -> None:
    rows = [{"file_name": "a.png", "caption": caption}, {"file_name": "b.png", "caption": "a rose"}]
    (folder / "metadata.jsonl").write_text("\n".join(map(json.dumps, rows)))
    with pytest.warns(CaptionsNotEnglish, match="1 of 2 captions are in another language.*hash reads English"):
        made = prepare(folder, 24, 1, encoder, cache)
    assert caption in made.captions


def test_ids_address_pictures_and_views(folder: Path, encoder: Any, cache: Path) -> None:
    made = prepare(folder, 24, 2, encoder, cache)
    pictures = made.pictures(np.array([4, 0, 4]))
    whole = Image.open(folder / "c.png").resize((24, 24), Image.Resampling.LANCZOS, box=(4, 0, 36, 32))
    np.testing.assert_array_equal(pictures[0], np.asarray(whole))
    np.testing.assert_array_equal(pictures[0], pictures[2])
    assert pictures.dtype == np.uint8 and not isinstance(pictures, np.memmap)
    np.testing.assert_array_equal(made.targets(np.array([0, 3, 5])), [[1, 0], [1, 0], [0, 1]])


def test_choice_picks_one_of_the_pictures_own_captions(folder: Path, encoder: Any, cache: Path) -> None:
    made = prepare(folder, 24, 2, encoder, cache)
    vectors = made.text_vectors(np.array([0, 1, 5]), np.array([0, 0.4999, 0.99999997], np.float32))
    np.testing.assert_array_equal(vectors, encoder.encode(["a rose", "a rose", "flower number c"]))
    middle = made.text_vectors(np.array([2]), np.array([0.5], np.float32))
    np.testing.assert_array_equal(middle, encoder.encode(["flower number b"]))


def test_captions_may_come_in_other_words(folder: Path, encoder: Any, cache: Path) -> None:
    plain = prepare(folder, 24, 1, encoder, cache)
    rows = [{"file_name": "a.png", "captions": ["a red rose", "a rose"]}, {"file_name": "b.png", "caption": "a tulip"}]
    (folder / "metadata.jsonl").write_text("\n".join(map(json.dumps, rows)))
    made, same = (prepare(folder, 24, 1, encoder, cache, synonyms=synonyms) for synonyms in (True, False))
    ids, choice = np.array([0, 0, 0, 1]), np.array([0.2, 0.26, 0.7, 0.99], np.float32)
    scarlet = wordings("a red rose", sorted({"a red rose", "a rose", "a tulip"}).index("a red rose"))[0]
    np.testing.assert_array_equal(
        made.text_vectors(ids, choice), encoder.encode(["a red rose", scarlet, "a rose", "a tulip"])
    )
    np.testing.assert_array_equal(made.caption_mean, same.caption_mean)
    assert len({plain.content_hash, made.content_hash, same.content_hash}) == 3


def test_each_picture_weighs_the_same_in_the_statistics(
    folder: Path, add_picture: AddPicture, encoder: Any, cache: Path
) -> None:
    add_picture("d.png", Image.new("RGB", (30, 30), "red"))
    made = prepare(folder, 24, 1, encoder, cache)
    a, b, c, rose, tulip, added = encoder.encode(
        ["flower number a", "flower number b", "flower number c", "a rose", "a tulip", "an added flower d.png"]
    )
    vectors, weights = np.stack([a, b, c, rose, tulip, added]), np.array([1, 1, 1, 2, 1, 2]) / 8
    mean = weights @ vectors
    np.testing.assert_allclose(made.caption_mean, mean, rtol=1e-5)
    np.testing.assert_allclose(made.caption_std, np.sqrt(weights @ (vectors - mean) ** 2), rtol=1e-4, atol=1e-4)


def test_bad_pictures_are_skipped_and_counted(folder: Path, add_picture: AddPicture, encoder: Any, cache: Path) -> None:
    add_picture("d.png", b"broken")
    add_picture("e.png", (folder / "a.png").read_bytes()[:900])
    add_picture("f.png", Image.new("RGB", (15, 99)))
    add_picture("g.png", (folder / "a.png").read_bytes())
    made = prepare(folder, 24, 1, encoder, cache)
    assert made.count == 3
    assert made.summary["skipped_why"] == {"unreadable": 1, "truncated": 1, "too small": 1, "duplicate": 1}
    assert made.examples[0].captions == ("a rose", "flower number a", "an added flower g.png")


def test_captions_without_a_known_word_are_skipped(
    folder: Path, add_picture: AddPicture, encoder: Any, cache: Path
) -> None:
    with (folder / "metadata.jsonl").open("a") as file:
        file.write('{"file_name": "a.png", "caption": "🌹🌹"}\n')
    assert prepare(folder, 24, 1, encoder, cache).examples[0].captions == ("a rose", "flower number a")
    (folder / "metadata.jsonl").write_text('{"file_name": "a.png", "caption": "🌹🌹"}\n')
    with pytest.raises(DataError, match="1× unknown words"):
        prepare(folder, 24, 1, encoder, cache)


def test_the_folder_is_never_written_to(folder: Path, add_picture: AddPicture, encoder: Any, cache: Path) -> None:
    add_picture("d.png", b"broken")
    before = snapshot(folder)
    prepare(folder, 24, 2, encoder, cache)
    assert snapshot(folder) == before


def test_the_same_folder_comes_from_the_cache(
    folder: Path, encoder: Any, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = prepare(folder, 24, 2, encoder, cache)
    encoded = len(encoder.encoded)
    monkeypatch.setattr("painting.data.deduplicate.decode", None)
    second = prepare(folder, 24, 2, encoder, cache)
    assert len(encoder.encoded) == encoded and first.content_hash == second.content_hash
    np.testing.assert_array_equal(first.pictures(np.arange(6)), second.pictures(np.arange(6)))


@pytest.mark.parametrize("change", ["caption", "label", "picture", "size", "views", "encoder"])
def test_each_change_gives_another_content_hash(
    folder: Path, encoder: Any, other_encoder: Any, cache: Path, change: str
) -> None:
    first = prepare(folder, 24, 2, encoder, cache).content_hash
    metadata = folder / "metadata.jsonl"
    if change == "caption":
        metadata.write_text(metadata.read_text().replace("a tulip", "a red tulip"))
    elif change == "label":
        metadata.write_text(metadata.read_text().replace('"kind": "tulip"', '"kind": "rose"'))
    elif change == "picture":
        Image.new("RGB", (32, 32)).save(folder / "a.png")
    size, views = (32 if change == "size" else 24), (3 if change == "views" else 2)
    chosen = other_encoder if change == "encoder" else encoder
    assert prepare(folder, size, views, chosen, cache).content_hash != first


def test_one_picture_is_enough(folder: Path, encoder: Any, cache: Path) -> None:
    (folder / "metadata.jsonl").write_text('{"file_name": "a.png", "caption": "a rose"}\n')
    made = prepare(folder, 24, 3, encoder, cache)
    assert (made.count, made.attributes, made.example_prompts) == (3, (), ("a rose",))
    np.testing.assert_array_equal(made.caption_mean, encoder.encode(["a rose"])[0])
    assert (made.caption_std == np.float32(1e-2)).all()
    assert made.targets(np.arange(3)).shape == (3, 0)


def test_nothing_usable_is_one_sentence_that_says_why(folder: Path, encoder: Any, cache: Path) -> None:
    for name in "abc":
        (folder / f"{name}.png").write_bytes(b"broken")
    with pytest.raises(DataError, match=r"no usable captioned picture \(found: 3× unreadable\)"):
        prepare(folder, 24, 1, encoder, cache)


def test_an_empty_folder_is_one_sentence(tmp_path: Path, encoder: Any, cache: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="there are no pictures in it"):
        prepare(tmp_path / "empty", 24, 1, encoder, cache)


def test_a_folder_of_digits_is_sent_to_its_preset(encoder: Any, cache: Path) -> None:
    with pytest.raises(DataError, match="laid out like MNIST, without captions: train on them with --preset digits"):
        prepare(MNIST_FOLDER, 24, 1, encoder, cache)


def test_a_part_of_a_listing_can_be_prepared(folder: Path, encoder: Any, cache: Path) -> None:
    listing = read_folder(folder)
    made = prepare(listing.only(list(listing.examples[1:])), 24, 1, encoder, cache)
    assert [example.name for example in made.examples] == ["b.png", "c.png"]


def test_example_prompts_are_different_captions_from_all_over(
    folder: Path, add_picture: AddPicture, encoder: Any, cache: Path
) -> None:
    for index in range(30):
        add_picture(f"d{index:02}.png", Image.new("RGB", (20, 20), (index, 0, 0)))
    prompts = prepare(folder, 24, 1, encoder, cache).example_prompts
    assert len(set(prompts)) == len(prompts) == 16
    assert prompts[0] == "a rose" and "d27" in prompts[-1]
