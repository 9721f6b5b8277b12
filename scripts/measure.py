"""Measure a painter and write its figures, which `painting export --figures` puts into its card.

    python scripts/measure.py runs/shapes.painter --out figures.json
    python scripts/measure.py runs/flowers.painter --out figures.json --train flowers/train --test flowers/test
    python scripts/measure.py runs/digits.painter --out figures.json
    python scripts/measure.py runs/fashion.painter --out figures.json --train fashion-mnist

Without folders a painter that takes prompts is taken for one of drawn shapes, one that takes none for one of the
bundled digits. Needs the training extra.
"""

import argparse
import json
import sys
from pathlib import Path

import torch

from painting.data.digits import Digits
from painting.data.prepared import prepare
from painting.errors import InvalidRequest, PaintingError
from painting.evaluation.figure import Figure
from painting.evaluation.measure import measure_digits, measure_photographs, measure_shapes
from painting.evaluation.probe_training import cached_probe
from painting.evaluation.read_back_digits import READER
from painting.images import write_atomically
from painting.painter import Painter
from painting.text_encoder import TextEncoder

VIEWS = 6


def main() -> None:
    options = parse()
    torch.set_num_threads(options.threads)
    try:
        figures = measure(options)
    except PaintingError as problem:
        sys.exit(f"error: {problem}")
    told = [figure.as_dict() for figure in figures]
    write_atomically(options.out, (json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode())
    for figure in figures:
        real = "" if figure.real is None else f", real {figure.real:.3f}"
        sys.stdout.write(f"{figure.name}: {figure.value:.3f} (N = {figure.n}{real})\n")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("painter", help="a painter file, or a bundled painter's name")
    parser.add_argument("--out", type=Path, required=True, help="the JSON file to write")
    parser.add_argument("--train", type=Path, help="the folder that the painter was trained on")
    parser.add_argument("--test", type=Path, help="a folder of captioned pictures that it has not seen")
    parser.add_argument("--most", type=int, help="paint for so many test photographs only")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads")
    return parser.parse_args()


def measure(options: argparse.Namespace) -> list[Figure]:
    if not options.out.parent.is_dir():  # before minutes go into measuring
        raise InvalidRequest(f"there is no folder {options.out.parent} to write the figures to")
    painter = Painter.load(options.painter, threads=options.threads)
    if not painter.conditional:
        return measure_unconditional(painter, options)
    if (options.train is None) != (options.test is None):
        raise InvalidRequest("give both --train and --test, or neither for a painter of drawn shapes")
    if options.train is None:
        return measure_shapes(painter, painter.size)
    text_encoder = TextEncoder.load(str(painter.manifest.text_encoder_id), options.threads)
    train = prepare(options.train, painter.size, VIEWS, text_encoder)
    test = prepare(options.test, painter.size, 1, text_encoder)
    probe = cached_probe(train, report=tell)
    return measure_photographs(painter, probe, train, test, options.most)


def measure_unconditional(painter: Painter, options: argparse.Namespace) -> list[Figure]:
    if options.test is not None or options.most is not None:
        raise InvalidRequest(
            f"{painter.name} takes no prompts: give --train alone, a folder with MNIST's files, or nothing"
        )
    train, test = Digits(options.train, "train"), Digits(options.train, "test")
    if train.size != painter.size:
        raise InvalidRequest(f"{painter.name} paints {painter.size} px, and the digits have {train.size}")
    return measure_digits(painter, cached_probe(train, READER, report=tell), train, test)


def tell(seen: int, total: int) -> None:
    sys.stderr.write(f"\rtraining the probe: {seen} of {total} images" + ("\n" if seen == total else ""))


if __name__ == "__main__":
    main()
