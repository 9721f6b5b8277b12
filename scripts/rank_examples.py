"""Choose a painter's example prompts by how well they are read back from its pictures, and write them into its file.

    python -m scripts.rank_examples flowers.painter --data my-flowers/train --probe tests/golden/flowers_probe.npz

A linear probe on EfficientNet-Lite2's features, fitted on the folder's labelled pictures, reads the labels of
`SEEDS` pictures of each caption that names them all. A caption's score is the mean probability of its least certain
label. Of each combination of labels the best caption stays, if its score is at least `MIN_SCORE`, the best first.
`--probe` keeps the probe in 16 bits, by which a test holds the examples to it.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from painting.data.folder.listing import Example
from painting.data.partitions import read_training
from painting.data.prepared import prepare
from painting.evaluation.extractors.efficientnet import EfficientNet
from painting.evaluation.extractors.linear_probe import LinearLayer, LinearProbe
from painting.files import painter_file
from painting.images import on_white
from painting.paint.painter import Painter
from painting.text.encoder import TextEncoder

SEEDS = 16
MIN_SCORE = 0.8
MIN_PICTURES = 10  # of a combination of labels, in the training data
MAX_CAPTIONS = 6  # of a combination that are tried, the commonest first
PARTS = ("mean", "std", "weight", "bias")
ARTICLES = ("a ", "an ")


def candidates(examples: Sequence[Example]) -> dict[tuple[str, ...], list[str]]:
    """The commonest captions of each combination of labels, of those that start with an article and name the first."""
    found: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for example in examples:
        labels = tuple(example.labels[field] for field in sorted(example.labels))
        named = [text for text in example.captions if text.startswith(ARTICLES) and all(x in text for x in labels)]
        found[labels].update(named)
    return {
        labels: [text for text, _ in texts.most_common(MAX_CAPTIONS)]
        for labels, texts in found.items()
        if texts.total() >= MIN_PICTURES
    }


def score(painter: Painter, prompt: str, wanted: dict[str, str], probe: LinearProbe, seeds: int = SEEDS) -> float:
    """Mean probability, over the seeds, of the least certain of a prompt's labels."""
    features = probe.features(on_white(painter.paint_arrays([prompt] * seeds, range(seeds))))
    probabilities = probe.field_probabilities(features)
    columns = [probabilities[field][:, probe.values(field).index(value)] for field, value in wanted.items()]
    return float(np.minimum.reduce(columns).mean())


def save_probe(probe: LinearProbe, path: Path) -> None:
    """Keep a probe's layers in 16 bits."""
    arrays = {}
    for field, layer in probe.layers.items():
        arrays[f"{field}.values"] = np.array(layer.values)
        arrays |= {f"{field}.{part}": getattr(layer, part).numpy().astype(np.float16) for part in PARTS}
    np.savez_compressed(path, allow_pickle=False, **arrays)


def load_probe(path: Path) -> LinearProbe:
    """A kept probe on EfficientNet-Lite2's features."""
    with np.load(path, allow_pickle=False) as arrays:
        fields = sorted({name.partition(".")[0] for name in arrays.files})
        layers = {
            field: LinearLayer(
                tuple(arrays[f"{field}.values"].tolist()),
                *(torch.from_numpy(arrays[f"{field}.{part}"].astype(np.float32)) for part in PARTS),
            )
            for field in fields
        }
    return LinearProbe(EfficientNet(), layers)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("painter", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--probe", type=Path)
    arguments = parser.parse_args()
    painter, extractor = Painter.load(arguments.painter), EfficientNet()
    folder = prepare(arguments.data, painter.manifest.picture_size, 1, TextEncoder.load())
    labels = [example.labels for example in folder.examples]
    probe = LinearProbe.fit(extractor, extractor.features(folder.pictures(np.arange(len(labels)))), labels)
    if arguments.probe:
        save_probe(probe, arguments.probe)
    best = []
    for values, texts in candidates(read_training(arguments.data).examples).items():
        wanted = dict(zip(probe.fields, values, strict=True))
        best.append(max((score(painter, text, wanted, probe), text) for text in texts))
    examples = tuple(text for found, text in sorted(best, reverse=True) if found >= MIN_SCORE)
    file = painter_file.read(arguments.painter)
    painter_file.save(arguments.painter, replace(file, manifest=replace(file.manifest, example_prompts=examples)))
    print("\n".join(examples))


if __name__ == "__main__":
    main()
