"""Removal of metadata from the bytes of PNG, JPEG and WebP files, so that damaged or huge metadata costs no picture."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
JPEG_SIGNATURE = b"\xff\xd8\xff"
_PNG_TEXT_CHUNKS = {b"tEXt", b"zTXt", b"iTXt"}
_PNG_TRANSPARENCY = b"tRNS"
_JPEG_START_OF_SCAN = 0xDA
_JPEG_COMMENT = 0xFE
_JPEG_METADATA = {*range(0xE1, 0xEE), 0xEF, _JPEG_COMMENT}  # APP0 (JFIF) and APP14 (Adobe) say how colours are stored
_WEBP_METADATA = {b"ICCP", b"EXIF", b"XMP "}
_WEBP_HEADER_FLAGS = 20
_WEBP_PIXEL_FLAGS = 0b0001_0010  # alpha, animation


def without_metadata(content: bytes) -> Iterator[bytes]:
    """Versions of a picture file with less metadata, first without texts, then without any; none of other formats."""
    if content.startswith(PNG_SIGNATURE):
        yield _png(content, lambda kind: kind not in _PNG_TEXT_CHUNKS)
        yield _png(content, _changes_pixels)
    elif content.startswith(JPEG_SIGNATURE):
        yield _jpeg(content)
    elif content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        yield _webp(content)


def _changes_pixels(kind: bytes) -> bool:
    return kind[:1].isupper() or kind == _PNG_TRANSPARENCY  # critical chunks begin with a capital


def _png(content: bytes, keep: Callable[[bytes], bool]) -> bytes:
    parts = [PNG_SIGNATURE]
    start = len(PNG_SIGNATURE)
    while start + 8 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, start)
        end = start + 12 + length  # length, kind and checksum have 4 bytes each
        if keep(kind):
            parts.append(content[start:end])
        start = end
    return b"".join(parts)


def _jpeg(content: bytes) -> bytes:
    parts = [content[:2]]
    start = 2
    while start + 4 <= len(content) and content[start] == 0xFF and content[start + 1] != _JPEG_START_OF_SCAN:
        end = start + 2 + int.from_bytes(content[start + 2 : start + 4], "big")
        if content[start + 1] not in _JPEG_METADATA:
            parts.append(content[start:end])
        start = end
    return b"".join([*parts, content[start:]])


def _webp(content: bytes) -> bytes:
    parts = []
    start = 12
    while start + 8 <= len(content):
        kind, length = struct.unpack_from("<4sI", content, start)
        end = start + 8 + length + length % 2
        if kind not in _WEBP_METADATA:
            parts.append(content[start:end])
        start = end
    body = bytearray(b"WEBP" + b"".join(parts))
    if body[4:8] == b"VP8X":
        body[_WEBP_HEADER_FLAGS - 8] &= _WEBP_PIXEL_FLAGS
    return b"RIFF" + struct.pack("<I", len(body)) + bytes(body)
