"""Painter files (*.painter), read, verified and written: a zip of a manifest, a graph, samples and captions."""

import io
import struct
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

from painting.atomic_file import write_atomic
from painting.errors import PainterFileError
from painting.files.archive import check_hashes, read_members, sha256
from painting.files.graph_cost import affordable_batch
from painting.files.known_captions import CAPTIONS_MEMBER, MAX_KNOWN_BYTES, VECTORS_MEMBER, KnownCaptions
from painting.files.manifest import MANIFEST_MEMBER, PainterManifest
from painting.files.onnx_check import Signature, check_graph
from painting.files.onnx_graph import Graph
from painting.images import ALPHA_CHANNELS, OPAQUE_CHANNELS, UInt8Array, encode_still_webp, grid, on_white

__all__ = ["KnownCaptions", "PainterFile", "PainterManifest", "read", "save", "write"]

GENERATOR_MEMBER = "generator.onnx"
SAMPLES_MEMBER = "samples.webp"
CAPTION_MEMBERS = (CAPTIONS_MEMBER, VECTORS_MEMBER)
"""Optional members: both or neither."""
MAX_MEMBER_BYTES = {
    MANIFEST_MEMBER: 1 << 23,
    GENERATOR_MEMBER: 1 << 30,
    SAMPLES_MEMBER: 1 << 26,
    **dict.fromkeys(CAPTION_MEMBERS, MAX_KNOWN_BYTES),
}
SAMPLE_COLUMNS = 8
WEBP_HEADER = struct.Struct("<4s4x8s4x3x3sHH")  # of a lossy WebP without metadata: its marks, width, height
WEBP_MARKS = (b"RIFF", b"WEBPVP8 ", b"\x9d\x01\x2a")
WEBP_SIDE_BITS = (1 << 14) - 1  # of a width or height; those above are a hint at scaling, which decoders ignore
MAX_SAMPLES_PIXELS = 1 << 25  # 128 MiB in a browser
ZIP_TIMESTAMP = (1980, 1, 1, 0, 0, 0)  # zip's first: the same content gives the same bytes, whenever it is written
COMPRESSION_LEVEL = 9  # of deflate: weights of 8 bits have 7 bits of entropy


@dataclass(frozen=True)
class PainterFile:
    """Verified content of a painter file: its manifest, an ONNX graph, a WebP and, if it has any, known captions."""

    manifest: PainterManifest
    generator: bytes
    samples_webp: bytes
    captions: KnownCaptions | None = None
    batch_size: int = 1
    """Pictures that the graph may paint at once, within the budget of a run."""
    channels: int = OPAQUE_CHANNELS
    """Of the graph's pictures: 3, RGB, or 4, straight RGBA."""


def read(path: str | Path) -> PainterFile:
    """Read and verify a painter file; raises PainterFileError that says what is wrong."""
    try:
        members = read_members(Path(path), MAX_MEMBER_BYTES, PainterFileError, optional=CAPTION_MEMBERS)
        manifest = PainterManifest.from_json(members.pop(MANIFEST_MEMBER))
        check_hashes(members, manifest.members, PainterFileError)
        return _checked(manifest, members)
    except PainterFileError as problem:
        raise PainterFileError(f"cannot use the painter file {path}: {problem}") from problem


def write(
    path: str | Path,
    manifest: PainterManifest,
    generator: bytes,
    samples: UInt8Array,
    captions: KnownCaptions | None = None,
) -> None:
    """Write a painter file: all of it or, on an error, nothing; the same content gives the same bytes.

    `generator`: an ONNX graph. `samples`: uint8 pictures (N, H, W, C) or their grid (H', W', C), C 3 or 4; with alpha,
    they are laid on white. The members' hashes are filled in. Raises PainterFileError when `read` would refuse the
    result, or when it cannot be written.
    """
    opaque = on_white(samples)
    sheet = opaque if opaque.ndim == 3 else grid(opaque, SAMPLE_COLUMNS)
    save(path, PainterFile(manifest, generator, encode_still_webp(sheet), captions))


def save(path: str | Path, file: PainterFile) -> None:
    """Write a painter file of content that is at hand, as `write` does; raises PainterFileError."""
    members = {GENERATOR_MEMBER: file.generator, SAMPLES_MEMBER: file.samples_webp}
    if file.captions:
        members |= file.captions.members()
    hashes = {name: sha256(content) for name, content in members.items()}
    described = replace(file.manifest, members=hashes).to_json()
    try:
        _checked(PainterManifest.from_json(described), members)
        write_atomic(Path(path), _zip({MANIFEST_MEMBER: described, **members}))
    except PainterFileError as problem:
        raise PainterFileError(f"cannot write the painter file {path}: {problem}") from problem
    except OSError as problem:
        raise PainterFileError(f"cannot write the painter file {path}: {problem.strerror or problem}") from problem


def _checked(manifest: PainterManifest, members: dict[str, bytes]) -> PainterFile:
    """The content of members whose hashes are right; raises PainterFileError."""
    graph = check_graph(members[GENERATOR_MEMBER], *_signature(manifest), PainterFileError)
    channels = _channels(graph)
    batch_size = affordable_batch(graph, PainterFileError)
    _check_samples(members[SAMPLES_MEMBER])
    of_captions = {name: members[name] for name in CAPTION_MEMBERS if name in members}
    captions = KnownCaptions.from_members(of_captions, manifest.text_width) if of_captions else None
    return PainterFile(manifest, members[GENERATOR_MEMBER], members[SAMPLES_MEMBER], captions, batch_size, channels)


def _channels(graph: Graph) -> int:
    """The channels of a graph's pictures, RGB or RGBA; raises PainterFileError for any other number."""
    _, (*_, channels) = graph.outputs["pictures"]
    if channels not in (OPAQUE_CHANNELS, ALPHA_CHANNELS):
        raise PainterFileError(f"its graph's pictures have {channels or 'any number of'} channels, expected 3 or 4")
    return channels


def _check_samples(content: bytes) -> None:
    """Raise PainterFileError unless the header of a WebP promises a sheet that a page can show: it is not decoded."""
    *marks, width, height = WEBP_HEADER.unpack(content[: WEBP_HEADER.size].ljust(WEBP_HEADER.size, b"\0"))
    if tuple(marks) != WEBP_MARKS:
        raise PainterFileError(f"its {SAMPLES_MEMBER} is not a lossy WebP without metadata")
    width, height = width & WEBP_SIDE_BITS, height & WEBP_SIDE_BITS
    if not 1 <= width * height <= MAX_SAMPLES_PIXELS:
        raise PainterFileError(
            f"its {SAMPLES_MEMBER} claims {width} × {height} px; at most {MAX_SAMPLES_PIXELS} in all are allowed"
        )


def _signature(manifest: PainterManifest) -> tuple[Signature, Signature]:
    side = manifest.picture_size
    inputs: dict[str, tuple[str, tuple[int | None, ...]]] = {"latents": ("float32", (None, manifest.latent_size))}
    if manifest.conditional:
        inputs["text_vectors"] = ("float32", (None, manifest.text_width))
    return inputs, {"pictures": ("uint8", (None, side, side, None))}


def _zip(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, ZIP_TIMESTAMP)
            info.create_system = 3  # Unix, on whatever system it is written
            info.external_attr = 0o644 << 16
            archive.writestr(info, content, zipfile.ZIP_DEFLATED, COMPRESSION_LEVEL)
    return buffer.getvalue()
