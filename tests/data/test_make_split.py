import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from tests.data.conftest import noise_picture

from painting.data.folder.listing import Example
from painting.data.make_split import SplitOptions, duplicate_groups, make_split
from painting.data.split import Split
from painting.errors import DataError

SPECIES, COLORS = ("aster", "daisy", "rose", "tulip"), ("blue", "red", "white")
SPLIT_OPTIONS = SplitOptions(test=0.2, pairs=0.25, seed=0)


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> list[Example]:
    """96 pictures, 8 of each pair."""
    folder = tmp_path_factory.mktemp("split")
    made = []
    for index in range(96):
        path = folder / f"{index:03}.png"
        noise_picture(index, (16, 16)).save(path)
        labels = {"species": SPECIES[index % 4], "color": COLORS[index // 4 % 3]}
        made.append(Example(path.name, path, ("a flower",), labels))
    return made


def split(examples: list[Example], options: SplitOptions = SPLIT_OPTIONS) -> Split:
    return make_split(Path("flowers"), duplicate_groups(examples), options)


def parts(examples: list[Example], made: Split) -> dict[str, list[Example]]:
    return {part: [e for e in examples if made.partition_of(e) == part] for part in ("train", "test", "zero-shot")}


def test_the_training_partition_has_neither_test_pictures_nor_held_out_pairs(examples: list[Example]) -> None:
    made = split(examples)
    found = parts(examples, made)
    assert made.fields == ("color", "species") and len(made.pairs) == 3
    assert len(found["zero-shot"]) == 24 and len(found["test"]) == round(0.2 * 72)
    shown = {made.pair_of(example) for example in found["train"]}
    assert not shown & set(made.pairs) and len(shown) == 9
    assert {made.pair_of(example) for example in found["zero-shot"]} == set(made.pairs)


def test_all_labels_stay_in_training_with_half_of_their_pictures(examples: list[Example]) -> None:
    before = Counter(value for example in examples for value in example.labels.values())
    for seed in range(10):
        kept = parts(examples, split(examples, SplitOptions(0, 0.3, seed)))["train"]
        after = Counter(value for example in kept for value in example.labels.values())
        assert all(after[value] >= count / 2 for value, count in before.items())


def test_every_kind_is_tested_alike(examples: list[Example]) -> None:
    tested = parts(examples, split(examples, SplitOptions(0.25, 0)))["test"]
    counts = Counter(tuple(example.labels.values()) for example in tested)
    assert len(counts) == 12 and set(counts.values()) == {2}


def test_a_kind_of_one_picture_is_trained_on(examples: list[Example]) -> None:
    lone = replace(examples[0], labels={"species": "iris", "color": "gold"})
    few = [lone, *examples[1:24]]
    for seed in range(5):
        assert split(few, SplitOptions(0.5, 0, seed)).partition_of(lone) == "train"


def test_kinds_of_one_picture_give_their_share_together_while_training_keeps_every_label(
    examples: list[Example],
) -> None:
    # 12 pairs with one picture each, and 12 pictures of one more pair.
    many = [replace(example, labels={"species": "iris", "color": "gold"}) for example in examples[12:24]]
    for seed in range(5):
        found = parts([*examples[:12], *many], split([*examples[:12], *many], SplitOptions(0.25, 0, seed)))
        assert len(found["test"]) == 6
        assert sum(example.labels["species"] == "iris" for example in found["test"]) == 3
        for field, values in (("species", SPECIES), ("color", COLORS)):
            assert {example.labels[field] for example in found["train"]} >= set(values)


def test_other_kinds_give_what_kinds_of_one_picture_cannot_each_one_more_at_most(examples: list[Example]) -> None:
    # Four kinds that share no label with any other, and four of ten pictures each.
    lone = [replace(example, labels={"species": f"rare-{place}"}) for place, example in enumerate(examples[:4])]
    usual = [replace(example, labels={"species": SPECIES[place % 4]}) for place, example in enumerate(examples[4:44])]
    found = parts([*lone, *usual], split([*lone, *usual], SplitOptions(0.25, 0)))
    counts = Counter(example.labels["species"] for example in found["test"])
    assert sum(counts.values()) == 11
    assert sorted(counts) == list(SPECIES) and set(counts.values()) == {2, 3}


def test_a_seed_gives_the_same_split_again_and_another_one_another(examples: list[Example]) -> None:
    assert split(examples) == split(examples[::-1])
    others = [split(examples, replace(SPLIT_OPTIONS, seed=seed)) for seed in range(5)]
    assert len({made.hash for made in others}) == 5
    assert len({made.pairs for made in others}) > 1


def test_names_do_not_matter(examples: list[Example]) -> None:
    renamed = [replace(example, name=f"other/{index}.png") for index, example in enumerate(examples[::-1])]
    assert sorted(split(renamed).files["test"].values()) == sorted(split(examples).files["test"].values())


def test_copies_by_pixels_are_in_one_partition(examples: list[Example]) -> None:
    made = split(examples)
    held_out = [example for example in examples if made.partition_of(example) != "train"]
    copies = []
    for example in held_out:
        path = example.path.with_suffix(".bmp")
        noise_picture(int(example.path.stem), (16, 16)).save(path)
        copies.append(replace(example, name=path.name, path=path, labels={}))
    again = split([*examples, *copies])
    assert all(
        again.partition_of(copy) == again.partition_of(first) for copy, first in zip(copies, held_out, strict=True)
    )


def test_unreadable_pictures_are_passed_over(examples: list[Example], tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    assert split([*examples, Example("broken.png", broken, ("x",), {})]) == split(examples)


def test_pictures_without_labels_are_split_too(examples: list[Example]) -> None:
    plain = [replace(example, labels={}) for example in examples]
    made = split(plain, SplitOptions(0.25, 0))
    assert (len(made.files["test"]), made.pairs, made.fields) == (24, (), ())


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (partial(SplitOptions, 1.0, 0), "below 100%, not 100%"),
        (partial(SplitOptions, 0, -0.1), "--hold-out-pairs must be a share from 0% to below 100%, not -10%"),
        (partial(SplitOptions, float("nan"), 0), "not nan%"),
        (partial(SplitOptions, 0, 0), "nothing would be held out"),
        (partial(SplitOptions, 0.6, 0, validation=0.5), "take all pictures"),
        (partial(SplitOptions, 0.1, 0, validation=-1), "--validation must be a share"),
        (partial(SplitOptions, 0.1, 0, validation=0.001), "give --validation a larger share"),
        (partial(SplitOptions, 0.001, 0), "is none to hold out: give --test a larger share"),
        (partial(SplitOptions, 0.1, 0.9), "only .* of the 11 pairs can be held out"),
        (partial(SplitOptions, 0.1, 0, -1), "--seed must be 0 or more"),
        (
            partial(SplitOptions, 0.1, 0.1, 0, ("color", "size")),
            "no picture has a label 'size': there are color, species",
        ),
        (partial(SplitOptions, 0.1, 0.1, 0, ("color",)), "needs two labels"),
    ],
)
def test_invalid_options_are_errors_that_say_why(
    examples: list[Example], options: Callable[[], SplitOptions], reason: str
) -> None:
    with pytest.raises(DataError, match=reason):
        split(examples, options())


def test_a_set_of_kinds_of_single_pictures_is_an_error_that_says_so(examples: list[Example]) -> None:
    labels = [{"species": "rose", "color": shade} for shade in ("red", "gold", "white")]
    labels += [{"species": species, "color": "blue"} for species in ("iris", "aster", "tulip")]
    alone = [replace(example, labels=shown) for example, shown in zip(examples, labels, strict=False)]
    with pytest.raises(DataError, match=r"every kind has a single picture \(6 in all\)"):
        split(alone, SplitOptions(0.5, 0))


def test_pictures_to_choose_by_are_none_of_those_to_test_with_and_as_even(examples: list[Example]) -> None:
    made = split(examples, SplitOptions(0.25, 0, validation=0.125))
    tested, chosen_by = (set(made.files[part]) for part in ("test", "validation"))
    assert not tested & chosen_by and (len(tested), len(chosen_by)) == (24, 12)
    assert made.files["test"] == split(examples, SplitOptions(0.25, 0)).files["test"]
    counts = Counter(tuple(e.labels.values()) for e in examples if made.partition_of(e) == "validation")
    assert set(counts.values()) == {1} and len(counts) == 12
    assert made.made_with == {"test": 0.25, "hold_out_pairs": 0, "seed": 0, "validation": 0.125}


def test_a_split_with_nothing_to_choose_by_has_the_hash_that_it_always_had() -> None:
    plain = Split({"test": {"a.png": "1"}, "zero-shot": {"b.png": "2"}})
    none, some = (Split({**plain.files, "validation": held_out}) for held_out in ({}, {"c.png": "3"}))
    assert plain.hash == none.hash != some.hash
    assert plain.hash.startswith("af437e984bbe8aa2")


def test_pairs_need_labels(examples: list[Example]) -> None:
    with pytest.raises(DataError, match="needs two labels, and these pictures have none"):
        split([replace(example, labels={}) for example in examples])


def test_nothing_usable_is_refused() -> None:
    with pytest.raises(DataError, match="holds no usable captioned picture to split"):
        split([])


def test_copies_of_files_share_a_part(examples: list[Example]) -> None:
    made = split(examples)
    first = next(example for example in examples if made.partition_of(example) == "test")
    copy = first.path.with_name("copy.png")
    shutil.copy(first.path, copy)
    again = split([*examples, replace(first, name="copy.png", path=copy)])
    assert "copy.png" in again.files["test"]
