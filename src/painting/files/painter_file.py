"""Read, verify and write painter files (*.painter): a stored zip of painter.json, generator.onnx and samples.png."""

import io
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

from painting.atomic_file import write_atomic
from painting.errors import PainterFileError
from painting.files.archive import check_hashes, read_members, sha256
from painting.files.manifest import MEMBER as MANIFEST
from painting.files.manifest import PainterManifest
from painting.files.onnx_check import Signature, check_graph
from painting.images import UInt8Array, encode_png, grid

__all__ = ["PainterFile", "PainterManifest", "read", "write"]

GENERATOR, SAMPLES = "generator.onnx", "samples.png"
LIMITS = {MANIFEST: 1 << 23, GENERATOR: 1 << 30, SAMPLES: 1 << 26}
PNG_START = b"\x89PNG\r\n\x1a\n"
SAMPLE_COLUMNS = 8
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same content gives the same bytes, whenever it is written


@dataclass(frozen=True)
class PainterFile:
    """A painter file's verified content: its manifest, an ONNX graph and a PNG."""

    manifest: PainterManifest
    generator: bytes
    samples_png: bytes


def read(path: str | Path) -> PainterFile:
    """Read a painter file and verify all of it; raises PainterFileError that says what is wrong."""
    try:
        members = read_members(Path(path), LIMITS, PainterFileError)
        manifest = PainterManifest.from_json(members.pop(MANIFEST))
        check_hashes(members, manifest.members, PainterFileError)
        _check(manifest, members)
    except PainterFileError as problem:
        raise PainterFileError(f"cannot use the painter file {path}: {problem}") from problem
    return PainterFile(manifest, members[GENERATOR], members[SAMPLES])


def write(path: str | Path, manifest: PainterManifest, generator: bytes, samples: UInt8Array) -> None:
    """Write a painter file: all of it or, on an error, nothing; the same content gives the same bytes.

    `generator`: an ONNX graph. `samples`: uint8 pictures (N, H, W, 3) or their grid (H', W', 3). The members' hashes
    are filled in. Raises PainterFileError when `read` would refuse the result, or when it cannot be written.
    """
    sheet = samples if samples.ndim == 3 else grid(samples, SAMPLE_COLUMNS)
    members = {GENERATOR: generator, SAMPLES: encode_png(sheet)}
    hashes = {name: sha256(content) for name, content in members.items()}
    described = replace(manifest, members=hashes).to_json()
    try:
        _check(PainterManifest.from_json(described), members)
        write_atomic(Path(path), _zip({MANIFEST: described, **members}))
    except PainterFileError as problem:
        raise PainterFileError(f"cannot write the painter file {path}: {problem}") from problem
    except OSError as problem:
        raise PainterFileError(f"cannot write the painter file {path}: {problem.strerror or problem}") from problem


def _check(manifest: PainterManifest, members: dict[str, bytes]) -> None:
    check_graph(members[GENERATOR], *_signature(manifest), PainterFileError)
    if not members[SAMPLES].startswith(PNG_START):
        raise PainterFileError(f"its {SAMPLES} is not a PNG")


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
            info = zipfile.ZipInfo(name, LONG_AGO)
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, content)
    return buffer.getvalue()
