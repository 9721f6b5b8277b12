import shutil
from pathlib import Path

import pytest

from painting.data.folder import Example, read_folder
from painting.data.split import hold_out_pairs, split_examples


@pytest.fixture
def examples(tmp_path: Path) -> list[Example]:
    made = []
    for index in range(400):
        path = tmp_path / f"{index:03}.png"
        path.write_text(f"picture {index}")
        made.append(Example(path.name, path, ("x",), {"species": "ab"[index % 2], "color": "rgb"[index % 3]}))
    return made


def names(examples: list[Example]) -> list[str]:
    return [example.name for example in examples]


def test_every_example_lands_in_one_part(examples: list[Example]) -> None:
    training, held_out = split_examples(examples, 0.2)
    assert sorted(names(training) + names(held_out)) == names(examples)
    assert 50 < len(held_out) < 110


def test_a_split_can_be_had_again_and_another_seed_gives_another(examples: list[Example]) -> None:
    assert split_examples(examples, 0.2, seed=1) == split_examples(examples, 0.2, seed=1)
    assert names(split_examples(examples, 0.2, seed=1)[1]) != names(split_examples(examples, 0.2, seed=2)[1])


def test_pictures_keep_their_part_when_others_go_or_change_their_name(examples: list[Example]) -> None:
    _, held_out = split_examples(examples, 0.2)
    assert names(split_examples(examples[::2], 0.2)[1]) == [n for n in names(held_out) if n in names(examples[::2])]
    copy = held_out[0].path.with_name("copy.png")
    shutil.copy(held_out[0].path, copy)
    assert split_examples([Example("copy.png", copy, ("y",), {})], 0.2)[0] == []


@pytest.mark.parametrize(("share", "expected"), [(0.0, 0), (1.0, 400)])
def test_the_extremes_hold_out_nothing_or_all(examples: list[Example], share: float, expected: int) -> None:
    assert len(split_examples(examples, share)[1]) == expected


def test_pairs_of_labels_are_held_out(examples: list[Example]) -> None:
    training, held_out = hold_out_pairs(examples, ("species", "color"), {("a", "g"), ("b", "b")})
    assert {tuple(example.labels.values()) for example in held_out} == {("a", "g"), ("b", "b")}
    assert len({tuple(example.labels.values()) for example in training}) == 4
    assert len(training) + len(held_out) == 400


def test_pictures_without_the_labels_are_trained_on(folder: Path) -> None:
    listing = read_folder(folder)
    training, held_out = hold_out_pairs(listing.examples, ("species", "color"), {("rose", "red")})
    assert (len(training), held_out) == (3, [])
