"""What was made once and may be asked for again: the last used values, bounded in bytes."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")
OVERHEAD = 512  # bytes that a key and its place take, about


class ByteCache(Generic[Value]):
    """Keeps values as long as they fit into `limit` bytes; the one not used for longest leaves first.

    `size_of` tells a value's bytes. Threads may share it.
    """

    def __init__(self, limit: int, size_of: Callable[[Value], int]) -> None:
        self.limit = limit
        self.size = 0
        self._size_of = size_of
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Value | None:
        """The value of a key, or None."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: Hashable, value: Value) -> None:
        """Keep a value, unless it is larger than everything may be."""
        size = self._bytes(value)
        if size > self.limit:
            return
        with self._lock:
            if key in self._values:
                self.size -= self._bytes(self._values.pop(key))
            self._values[key] = value
            self.size += size
            while self.size > self.limit:
                self.size -= self._bytes(self._values.popitem(last=False)[1])

    def __len__(self) -> int:
        return len(self._values)

    def _bytes(self, value: Value) -> int:
        return self._size_of(value) + OVERHEAD
