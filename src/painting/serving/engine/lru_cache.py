"""An LRU cache bounded in bytes."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")
ENTRY_OVERHEAD_BYTES = 512  # of a key and its slot, about


class ByteCache(Generic[Value]):
    """Least recently used cache whose values take at most `max_bytes` together; thread-safe.

    `size_of` returns a value's size in bytes.
    """

    def __init__(self, max_bytes: int, size_of: Callable[[Value], int]) -> None:
        self.max_bytes = max_bytes
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
        """Store a value, unless it alone is larger than the cache; evict the least recently used ones."""
        size = self._bytes(value)
        if size > self.max_bytes:
            return
        with self._lock:
            if key in self._values:
                self.size -= self._bytes(self._values.pop(key))
            self._values[key] = value
            self.size += size
            while self.size > self.max_bytes:
                _, evicted = self._values.popitem(last=False)
                self.size -= self._bytes(evicted)

    def __len__(self) -> int:
        return len(self._values)

    def _bytes(self, value: Value) -> int:
        return self._size_of(value) + ENTRY_OVERHEAD_BYTES
