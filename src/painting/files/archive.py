"""Zip files from untrusted sources: names, sizes and hashes of the members are checked before use."""

import hashlib
import struct
import zipfile
import zlib
from collections.abc import Collection, Mapping
from pathlib import Path

from painting.errors import PaintingError

# Errors of reading a zip of arbitrary bytes; rare kinds of zip raise NotImplementedError and other RuntimeErrors.
ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError, OverflowError)
# Weights and tokenizers shrink to a tenth at best; what claims more is a decompression bomb.
MAX_COMPRESSION_RATIO = 20
MAX_UNCHECKED_BYTES = 1 << 20
MAX_DIRECTORY_BYTES = 1 << 16  # of some members' names, sizes and places
DIRECTORY_END = struct.Struct("<4s4H2LH")  # signature, disks, entries, bytes and place of the directory, comment
ZIP64_LOCATOR_BYTES = 20
READ_COMPRESSIONS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # LZMA's decoder takes the memory that a file asks for


def sha256(content: bytes) -> str:
    """The SHA-256 of some bytes in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes in hexadecimal; raises OSError where it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_members(
    path: Path,
    limits: Mapping[str, int],
    error: type[PaintingError],
    ignored: Collection[str] = (),
    optional: Collection[str] = (),
) -> dict[str, bytes]:
    """Read a zip file that must hold exactly the members of `limits` (name → maximum bytes), or raise `error`.

    Members named in `ignored` may be there too; they are not read. Those of `optional` are there together, or none is.
    """
    try:
        _check_directory_size(path, error)
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if info.filename not in ignored]
            if not any(info.filename in optional for info in infos):
                limits = {name: limit for name, limit in limits.items() if name not in optional}
            _check_directory(infos, limits, error)
            return {name: _read(archive, name, limit, error) for name, limit in limits.items()}
    except ZIP_ERRORS as problem:
        raise error("it is damaged or of another kind (not a readable zip file)") from problem
    except OSError as problem:
        raise error(f"it cannot be read: {problem.strerror or problem}") from problem


def _check_directory_size(path: Path, error: type[PaintingError]) -> None:
    """Bound the directory before Python reads it, entry by entry: only a plain end of a zip, without a comment."""
    tail_bytes = DIRECTORY_END.size + ZIP64_LOCATOR_BYTES
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - tail_bytes))
        tail = file.read(tail_bytes)
    signature, *_, directory_bytes, _, _ = DIRECTORY_END.unpack(tail[-DIRECTORY_END.size :])
    if signature != b"PK\x05\x06" or tail.startswith(b"PK\x06\x07"):
        raise zipfile.BadZipFile("no plain end")
    if directory_bytes > MAX_DIRECTORY_BYTES:
        raise error(f"its directory takes {directory_bytes} bytes; at most {MAX_DIRECTORY_BYTES} are allowed")


def _check_directory(infos: list[zipfile.ZipInfo], limits: Mapping[str, int], error: type[PaintingError]) -> None:
    names = [info.filename for info in infos]
    missing = sorted(set(limits) - set(names))
    if missing:
        raise error(f"it has no {', '.join(missing)}")
    if len(names) != len(limits):
        extra = sorted(set(names) - set(limits))
        raise error(f"it has unexpected members: {', '.join(map(repr, extra or names))[:200]}")
    for info in infos:
        if info.compress_type not in READ_COMPRESSIONS:
            raise error(f"its {info.filename} is packed by another method than deflate")
        if info.file_size > MAX_UNCHECKED_BYTES + MAX_COMPRESSION_RATIO * info.compress_size:
            raise error(f"its {info.filename} claims to unpack from {info.compress_size} to {info.file_size} bytes")
        if max(info.file_size, info.compress_size) > limits[info.filename]:
            raise error(
                f"its {info.filename} claims {info.file_size} bytes; at most {limits[info.filename]} are allowed"
            )


def _read(archive: zipfile.ZipFile, name: str, limit: int, error: type[PaintingError]) -> bytes:
    with archive.open(name) as member:
        content = member.read(limit + 1)
    if len(content) > limit:
        raise error(f"its {name} is larger than {limit} bytes")
    return content


def check_hashes(members: Mapping[str, bytes], expected: Mapping[str, str], error: type[PaintingError]) -> None:
    """Raise `error` unless `expected` names exactly these members with their SHA-256."""
    if set(members) != set(expected):
        raise error(f"its list of members is {sorted(expected)}, expected {sorted(members)}")
    for name, content in members.items():
        if sha256(content) != expected[name]:
            raise error(f"its {name} is not the one it was made with (SHA-256 differs)")
