"""Writes what its training's captions say into a painter file, in place; all else in it stays, byte by byte.

    python -m scripts.add_known_captions flowers.painter --data my-flowers
    python -m scripts.add_known_captions shapes.painter --shapes

`painting export` does so for the runs of this version; this is for painters that were exported before.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from painting.data.partitions import read_training
from painting.data.shapes.dataset import Shapes
from painting.data.text.vocabulary import known_captions
from painting.errors import DataError
from painting.files import painter_file
from painting.text.encoder import TextEncoder


def add_known_captions(path: Path, captions: Sequence[str], encoder: TextEncoder) -> None:
    """Write the known captions of a painter file anew; raises PainterFileError, and DataError for another encoder."""
    file = painter_file.read(path)
    if file.manifest.text_encoder_sha256 != encoder.sha256:
        trained_with = file.manifest.text_encoder_id or "none"
        raise DataError(f"{path} was trained with the text encoder {trained_with}: give it with --text-encoder")
    known = known_captions(captions, encoder.encode(captions), encoder)
    painter_file.save(path, replace(file, captions=known))


def training_captions(folder: Path) -> list[str]:
    """The different captions of a folder's training partition."""
    return sorted({caption for example in read_training(folder).examples for caption in example.captions})


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("painter", type=Path)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--data", type=Path, help="the folder of captioned pictures that it was trained on")
    source.add_argument("--shapes", action="store_true", help="the drawn shapes")
    parser.add_argument("--text-encoder", default="minilm-l6")
    arguments = parser.parse_args()
    encoder = TextEncoder.load(arguments.text_encoder)
    captions = Shapes(text_encoder=encoder).captions if arguments.shapes else training_captions(arguments.data)
    add_known_captions(arguments.painter, captions, encoder)
    print(f"{arguments.painter} knows {len(captions)} captions")


if __name__ == "__main__":
    main()
