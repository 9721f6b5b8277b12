"""Painters and text encoders of a static site, and their entries in its index."""

from typing import Any

from painting.files import painter_file
from painting.paint.description import describe
from painting.paint.encoder_choice import matching_encoder
from painting.paint.painter import Painter
from painting.painters import catalog
from painting.site.examples import examples_json
from painting.site.files import SiteFile, file_stem, gzipped, hashed
from painting.text import catalog as encoders
from painting.text.encoder_file import (
    DESCRIPTION_FILE,
    GRAPH_FILE,
    TOKENIZER_FILE,
    EncoderDescription,
    read_files,
)


def painter_files(path_or_name: str) -> tuple[dict[str, Any], list[SiteFile]]:
    """A painter's entry in the index, and its files; raises InvalidRequest and PainterFileError."""
    path = catalog.find(path_or_name)
    read = painter_file.read(path)
    encoder = matching_encoder(read.manifest, None) if read.manifest.conditional else None
    painter = Painter(read, encoder)
    stem = file_stem(painter.name)
    file = hashed(f"painters/{stem}", ".painter", path.read_bytes())
    samples = hashed(f"samples/{stem}", ".webp", painter.samples_webp)
    examples = encoder and hashed(
        f"painters/{stem}", ".json", examples_json(read.manifest.example_prompts, read.captions, encoder)
    )
    entry = {
        **describe(painter),
        "samples": f"/{samples.address}",
        "file": file.entry(),
        "examples": examples and examples.entry(),
        "text_encoder": painter.manifest.text_encoder_id,
    }
    return entry, [each for each in (file, samples, examples) if each]


def encoder_files(encoder_id: str) -> tuple[dict[str, Any], list[SiteFile]]:
    """A text encoder's entry in the index, and its files, gzipped; raises TextEncoderError."""
    members = read_files(encoders.find(encoder_id))
    description = EncoderDescription.from_json(members[DESCRIPTION_FILE])
    stem = f"encoders/{file_stem(encoder_id)}"
    graph = hashed(f"{stem}-graph", ".onnx.gz", gzipped(members[GRAPH_FILE]))
    tokenizer = hashed(f"{stem}-tokenizer", ".json.gz", gzipped(members[TOKENIZER_FILE]))
    entry = {
        "graph": graph.entry(),
        "tokenizer": tokenizer.entry(),
        "width": description.width,
        "longest_prompt": description.longest_prompt,
        "unknown_token": description.unknown_token,
    }
    return entry, [graph, tokenizer]
