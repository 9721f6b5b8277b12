"""Read protocol buffers, the format of ONNX files, as far as checking a graph needs it: fields by their numbers.

The package `onnx` could read them too, but it would make the default install a tenth larger.
"""

from collections.abc import Iterator

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
LONGEST_VARINT = 10
LARGEST_KEY = 2**32 - 1  # what is larger is refused, or cut down to the key of another field


class Malformed(ValueError):
    """Bytes that are not a protocol buffer."""


class Message:
    """One message: its fields by number. Nothing is copied; raises Malformed for bytes that are no message."""

    def __init__(self, content: memoryview) -> None:
        self._fields: dict[int, list[int | memoryview]] = {}
        for number, value in _fields(content):
            self._fields.setdefault(number, []).append(value)

    def has(self, number: int) -> bool:
        """Whether the field is there at all."""
        return number in self._fields

    def messages(self, number: int) -> "list[Message]":
        """A repeated field of messages."""
        return [Message(value) for value in self._bytes(number)]

    def message(self, number: int) -> "Message":
        """A field of one message; an empty one when it is left out."""
        values = self._bytes(number)
        if len(values) > 1:  # readers would merge them, which nobody writes on purpose
            raise Malformed(f"field {number} is there {len(values)} times")
        return Message(values[0] if values else memoryview(b""))

    def text(self, number: int) -> str:
        """A field of text; empty when it is left out."""
        values = self._bytes(number)
        return str(values[-1], "utf-8") if values else ""

    def number(self, number: int) -> int | None:
        """A field of a whole number, None when it is left out."""
        value = self._fields.get(number, [None])[-1]
        if isinstance(value, memoryview):
            raise Malformed(f"field {number} is no number")
        return value

    def _bytes(self, number: int) -> list[memoryview]:
        values = [value for value in self._fields.get(number, []) if isinstance(value, memoryview)]
        if len(values) != len(self._fields.get(number, [])):
            raise Malformed(f"field {number} is a number")
        return values


def _fields(content: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Every number and every run of bytes with its field's number; fields of a fixed size are passed over."""
    place = 0
    while place < len(content):
        key, place = _varint(content, place)
        if key > LARGEST_KEY:
            raise Malformed("a field's number is too large")
        number, kind = key >> 3, key & 7
        if kind == VARINT:
            value, place = _varint(content, place)
            yield number, value
            continue
        length = {FIXED64: 8, FIXED32: 4}.get(kind)
        if kind == BYTES:
            length, place = _varint(content, place)
        if length is None or place + length > len(content):
            raise Malformed(f"field {number} has no end")
        # What is of a fixed size is never what is asked for, but must not pass for a text of 4 or 8 letters.
        if kind == BYTES:
            yield number, content[place : place + length]
        place += length


def _varint(content: memoryview, place: int) -> tuple[int, int]:
    """A number of 7 bits a byte, the lowest first, and the place behind it."""
    if place < len(content) and content[place] < 0x80:  # most are this short
        return content[place], place + 1
    value = 0
    for index, byte in enumerate(content[place : place + LONGEST_VARINT]):
        value |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:
            return value, place + index + 1
    raise Malformed("a number has no end")
