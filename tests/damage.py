"""What power failures, full disks and bad memory do to a file."""

from collections.abc import Callable
from pathlib import Path

import pytest


def flip_bit(content: bytes) -> bytes:
    """One bit of a byte in the middle is another."""
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: b"",
    "truncated": lambda content: content[: len(content) * 2 // 3],
    "without its end": lambda content: content[:-3],
    "one bit flipped": flip_bit,
    "zeros": lambda content: bytes(len(content)),
    "zeros at its end": lambda content: content[: len(content) // 2] + bytes(len(content) - len(content) // 2),
    "a list": lambda content: b"[]",
    "no UTF-8": lambda content: b"\xff\xfe" + content[2:],
}

each_damage = pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)


def damage_file(path: Path, damage: Callable[[bytes], bytes]) -> None:
    path.write_bytes(damage(path.read_bytes()))
