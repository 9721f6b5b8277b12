"""Parts a folder's examples into those to train on and those held out to measure with."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from painting.data.folder import Example
from painting.data.pictures_cache import file_hash
from painting.data.text_vectors import digest


def split_examples(
    examples: Sequence[Example], held_out_share: float, seed: int = 0
) -> tuple[list[Example], list[Example]]:
    """(training, held-out) examples; `held_out_share` in 0 … 1 of the pictures are held out.

    A picture's part depends on its file's content and the seed alone: copies share it, whatever their names, and it
    stays when other pictures come or go.
    """
    training: list[Example] = []
    held_out: list[Example] = []
    for example in examples:
        place = int(digest(seed, file_hash(example.path))[:13], 16) / 16**13
        (held_out if place < held_out_share else training).append(example)
    return training, held_out


def hold_out_pairs(
    examples: Sequence[Example], fields: tuple[str, str], pairs: Collection[tuple[str, str]]
) -> tuple[list[Example], list[Example]]:
    """(training, held-out) examples by two labels, as ("species", "color") and {("rose", "blue")}.

    What is held out tests whether a painter puts together what it has only seen apart.
    """
    first, second = fields
    held_out = [e for e in examples if (e.labels.get(first, ""), e.labels.get(second, "")) in pairs]
    names = {example.name for example in held_out}
    return [example for example in examples if example.name not in names], held_out
