"""Painter files (*.painter), read, verified and written: a stored zip of painter.json, generator.onnx, samples.png."""

import io
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

from painting.atomic_file import write_atomic
from painting.errors import PainterFileError
from painting.files.archive import check_hashes, read_members, sha256
from painting.files.manifest import MANIFEST_MEMBER, PainterManifest
from painting.files.onnx_check import Signature, check_graph
from painting.images import PNG_SIGNATURE, UInt8Array, encode_png, grid

__all__ = ["PainterFile", "PainterManifest", "read", "write"]

GENERATOR_MEMBER = "generator.onnx"
SAMPLES_MEMBER = "samples.png"
MAX_MEMBER_BYTES = {MANIFEST_MEMBER: 1 << 23, GENERATOR_MEMBER: 1 << 30, SAMPLES_MEMBER: 1 << 26}
SAMPLE_COLUMNS = 8
ZIP_TIMESTAMP = (1980, 1, 1, 0, 0, 0)  # zip's first: the same content gives the same bytes, whenever it is written


@dataclass(frozen=True)
class PainterFile:
    """Verified content of a painter file: its manifest, an ONNX graph and a PNG."""

    manifest: PainterManifest
    generator: bytes
    samples_png: bytes


def read(path: str | Path) -> PainterFile:
    """Read and verify a painter file; raises PainterFileError that says what is wrong."""
    try:
        members = read_members(Path(path), MAX_MEMBER_BYTES, PainterFileError)
        manifest = PainterManifest.from_json(members.pop(MANIFEST_MEMBER))
        check_hashes(members, manifest.members, PainterFileError)
        _check(manifest, members)
    except PainterFileError as problem:
        raise PainterFileError(f"cannot use the painter file {path}: {problem}") from problem
    return PainterFile(manifest, members[GENERATOR_MEMBER], members[SAMPLES_MEMBER])


def write(path: str | Path, manifest: PainterManifest, generator: bytes, samples: UInt8Array) -> None:
    """Write a painter file: all of it or, on an error, nothing; the same content gives the same bytes.

    `generator`: an ONNX graph. `samples`: uint8 pictures (N, H, W, 3) or their grid (H', W', 3). The members' hashes
    are filled in. Raises PainterFileError when `read` would refuse the result, or when it cannot be written.
    """
    sheet = samples if samples.ndim == 3 else grid(samples, SAMPLE_COLUMNS)
    members = {GENERATOR_MEMBER: generator, SAMPLES_MEMBER: encode_png(sheet)}
    hashes = {name: sha256(content) for name, content in members.items()}
    described = replace(manifest, members=hashes).to_json()
    try:
        _check(PainterManifest.from_json(described), members)
        write_atomic(Path(path), _zip({MANIFEST_MEMBER: described, **members}))
    except PainterFileError as problem:
        raise PainterFileError(f"cannot write the painter file {path}: {problem}") from problem
    except OSError as problem:
        raise PainterFileError(f"cannot write the painter file {path}: {problem.strerror or problem}") from problem


def _check(manifest: PainterManifest, members: dict[str, bytes]) -> None:
    check_graph(members[GENERATOR_MEMBER], *_signature(manifest), PainterFileError)
    if not members[SAMPLES_MEMBER].startswith(PNG_SIGNATURE):
        raise PainterFileError(f"its {SAMPLES_MEMBER} is not a PNG")


def _signature(manifest: PainterManifest) -> tuple[Signature, Signature]:
    side = manifest.picture_size
    inputs: dict[str, tuple[str, tuple[int | None, ...]]] = {"latents": ("float32", (None, manifest.latent_size))}
    if manifest.conditional:
        inputs["text_vectors"] = ("float32", (None, manifest.text_width))
    return inputs, {"pictures": ("uint8", (None, side, side, 3))}


def _zip(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, ZIP_TIMESTAMP)
            info.create_system = 3  # Unix, on whatever system it is written
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
    return buffer.getvalue()
