"""Protocol buffer reader for ONNX files, as far as checking a graph needs it: fields by their numbers.

The package `onnx` could read them too, but it would make the default install a tenth larger.
"""

from collections.abc import Iterator
from itertools import count

WIRE_VARINT = 0
WIRE_FIXED64 = 1
WIRE_BYTES = 2
WIRE_FIXED32 = 5
MAX_VARINT_BYTES = 10
MAX_FIELDS = 1_000_000
"""Of all messages that are read of a file: each costs some time and memory, whatever is in it."""
MAX_UNSIGNED = 2**64 - 1
MAX_KEY = 2**32 - 1  # larger ones are refused: other readers would cut them down to the key of another field


class ProtobufError(ValueError):
    """Bytes that are no valid protocol buffer."""


class Message:
    """Fields of one message by their numbers; nothing is copied. Raises ProtobufError for bytes that are no message."""

    def __init__(self, content: memoryview, read: "Iterator[int] | None" = None) -> None:
        """Read a message; `read` counts the fields of all messages of a file, of which there may be a million."""
        self.size = len(content)
        self._read = read or count(1)
        self._fields: dict[int, list[int | memoryview]] = {}
        for number, value in _fields(content):
            if next(self._read) > MAX_FIELDS:
                raise ProtobufError(f"it has more than {MAX_FIELDS} fields")
            self._fields.setdefault(number, []).append(value)

    def has(self, number: int) -> bool:
        """Whether the field is there at all."""
        return number in self._fields

    def messages(self, number: int, maximum: int | None = None) -> "list[Message]":
        """A repeated field of messages; ProtobufError for more than `maximum`, before any of them is read."""
        values = self._bytes(number)
        if maximum is not None and len(values) > maximum:
            raise ProtobufError(f"field {number} is there {len(values)} times; {maximum} are the most")
        return [Message(value, self._read) for value in values]

    def message(self, number: int) -> "Message":
        """A field of one message; an empty one when it is left out."""
        values = self._bytes(number)
        if len(values) > 1:  # readers would merge them; no writer does that on purpose
            raise ProtobufError(f"field {number} is there {len(values)} times")
        return Message(values[0] if values else memoryview(b""), self._read)

    def text(self, number: int) -> str:
        """A field of text; empty when it is left out."""
        values = self._bytes(number)
        return str(values[-1], "utf-8") if values else ""

    def texts(self, number: int) -> list[str]:
        """A repeated field of texts."""
        return [str(value, "utf-8") for value in self._bytes(number)]

    def content(self, number: int) -> memoryview | None:
        """A field of bytes, None when it is left out."""
        values = self._bytes(number)
        return values[-1] if values else None

    def numbers(self, number: int) -> list[int]:
        """A repeated field of signed whole numbers, packed or not."""
        numbers: list[int] = []
        for value in self._fields.get(number, []):
            if isinstance(value, int):
                numbers.append(_signed(value))
                continue
            offset = 0
            while offset < len(value):
                one, offset = _varint(value, offset)
                if next(self._read) > MAX_FIELDS:
                    raise ProtobufError(f"it has more than {MAX_FIELDS} fields")
                numbers.append(_signed(one))
        return numbers

    def number(self, number: int) -> int | None:
        """A field of a whole number, None when it is left out."""
        value = self._fields.get(number, [None])[-1]
        if isinstance(value, memoryview):
            raise ProtobufError(f"field {number} is no number")
        return value

    def _bytes(self, number: int) -> list[memoryview]:
        values = [value for value in self._fields.get(number, []) if isinstance(value, memoryview)]
        if len(values) != len(self._fields.get(number, [])):
            raise ProtobufError(f"field {number} is a number")
        return values


def _fields(content: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Each varint and each length-delimited field with its number; fields of a fixed size are skipped."""
    offset = 0
    while offset < len(content):
        key, offset = _varint(content, offset)
        if key > MAX_KEY:
            raise ProtobufError("a field's number is too large")
        number = key >> 3
        kind = key & 7
        if kind == WIRE_VARINT:
            value, offset = _varint(content, offset)
            yield number, value
            continue
        length = {WIRE_FIXED64: 8, WIRE_FIXED32: 4}.get(kind)
        if kind == WIRE_BYTES:
            length, offset = _varint(content, offset)
        if length is None or offset + length > len(content):
            raise ProtobufError(f"field {number} has no end")
        # No field of a fixed size is read, but none may pass for a text of 4 or 8 bytes either.
        if kind == WIRE_BYTES:
            yield number, content[offset : offset + length]
        offset += length


def _signed(value: int) -> int:
    """A varint's 64 bits as a two's complement."""
    value &= MAX_UNSIGNED
    return value - MAX_UNSIGNED - 1 if value > MAX_UNSIGNED // 2 else value


def _varint(content: memoryview, offset: int) -> tuple[int, int]:
    """A varint (7 bits a byte, lowest first) and the index behind it."""
    if offset < len(content) and content[offset] < 0x80:  # most are this short
        return content[offset], offset + 1
    value = 0
    for index, byte in enumerate(content[offset : offset + MAX_VARINT_BYTES]):
        value |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:
            return value, offset + index + 1
    raise ProtobufError("a number has no end")
