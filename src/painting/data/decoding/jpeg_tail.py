"""JPEG files without their last bytes: how much of the picture is there, and the picture without the missing rows.

A decoder fills what is missing of a sequential JPEG with middle gray, from the end of the data to the right and down;
a progressive one is whole but coarse until its later scans have come.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PIL import Image

MAX_MISSING_SHARE = 0.1
"""Of the rows; with more missing, another picture would be left."""
_BLOCK_SIDE = 8
_LAST_COEFFICIENT = 63
_MAX_MISSING_BITS = 1
"""Of a coefficient in a progressive JPEG whose last scans are missing."""
_PROGRESSIVE_MARKERS = {0xC2, 0xC6, 0xCA, 0xCE}
_FRAME_MARKERS = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_START_OF_SCAN = 0xDA
_END_OF_IMAGE = 0xD9
_WITHOUT_LENGTH = {0x00, 0x01, 0xFF, *range(0xD0, 0xD9)}
"""Second bytes that begin no segment: stuffed zeros, fill bytes, restart markers, start of image."""


def ended(content: bytes) -> bytes:
    """A truncated JPEG with an end, so that it is decoded as far as it goes; without a segment that is incomplete."""
    end = len(content)
    for _, start in _segments(content):
        if start + 2 + int.from_bytes(content[start + 2 : start + 4], "big") > len(content):
            end = start
    return content[:end].removesuffix(b"\xff") + bytes([0xFF, _END_OF_IMAGE])


def without_missing_rows(image: Image.Image, content: bytes) -> Image.Image | None:
    """The decoded image without the rows that its truncated file `content` lacks; None where too much is missing."""
    if _is_coarse(content):
        return None
    missing = _missing_rows(image)
    if missing > MAX_MISSING_SHARE * image.height:
        return None
    return image.crop((0, 0, image.width, image.height - missing))


def _missing_rows(image: Image.Image) -> int:
    """The number of rows at the bottom that end in middle gray, and two that interpolation mixes with those above."""
    right = np.asarray(image.crop((image.width - _BLOCK_SIDE, 0, *image.size))).reshape(image.height, -1)
    is_gray = np.abs(right.astype(float) - 127.5).max(axis=1) < 1  # 128, or 127 of inverted inks
    filled = int(np.argmin([*is_gray[::-1], False]))
    return filled + 2 if filled else 0


def _is_coarse(content: bytes) -> bool:
    """Whether a component of a JPEG in several scans lacks coefficients, or more than their last bit."""
    segments = list(_segments(content))
    frame = next((start for marker, start in segments if marker in _FRAME_MARKERS), None)
    scans = [start for marker, start in segments if marker == _START_OF_SCAN]
    if frame is None or not scans:
        return True
    if len(scans) == 1 and content[frame + 1] not in _PROGRESSIVE_MARKERS:
        return False
    count = content[frame + 9]
    components = {content[frame + 10 + 3 * index] for index in range(count)}
    complete = {component for start in scans[:-1] for component in _finished_components(content, start)}
    return not components <= complete


def _segments(content: bytes) -> Iterator[tuple[int, int]]:
    """The (marker, position) of each segment; the data after a start of scan is searched for the next marker."""
    position = content.find(b"\xff", 2)
    while 0 <= position < len(content) - 4:
        marker = content[position + 1]
        if marker in _WITHOUT_LENGTH:
            position = content.find(b"\xff", position + 1 if marker == 0xFF else position + 2)
            continue
        if marker == _END_OF_IMAGE:
            return
        yield marker, position
        length = int.from_bytes(content[position + 2 : position + 4], "big")
        position = content.find(b"\xff", position + 2 + length)


def _finished_components(content: bytes, scan: int) -> list[int]:
    """The components of a scan after which all of their coefficients are known but for the last bit."""
    count = content[scan + 4]
    _, last, bits = content[scan + 5 + 2 * count : scan + 8 + 2 * count]
    if last != _LAST_COEFFICIENT or bits & 0xF > _MAX_MISSING_BITS:
        return []
    return [content[scan + 5 + 2 * index] for index in range(count)]
