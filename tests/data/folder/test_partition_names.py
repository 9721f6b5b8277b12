import pytest

from painting.data.folder.partition_names import HELD_OUT_PARTITIONS, partition_named


@pytest.mark.parametrize(
    ("name", "partition"),
    [
        ("train", "train"), ("Training", "train"), (" test ", "test"), ("eval", "test"), ("val", "validation"),
        ("VALID", "validation"), ("dev", "validation"), ("zero_shot", "zero-shot"), ("zero-shot", "zero-shot"),
        ("", None), ("trains", None), ("extra", None),
    ],
)  # fmt: skip
def test_other_names_of_partitions_are_known(name: str, partition: str | None) -> None:
    assert partition_named(name) == partition


def test_training_data_is_never_held_out() -> None:
    assert "train" not in HELD_OUT_PARTITIONS
