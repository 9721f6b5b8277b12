"""An LRU cache of files, bounded in bytes."""

import threading
from collections import OrderedDict
from collections.abc import Hashable

ENTRY_OVERHEAD_BYTES = 512  # of a key and its slot, about


class ByteCache:
    """Least recently used cache whose values take at most `max_bytes` together; thread-safe."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.size = 0
        self._values: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> bytes | None:
        """The value of a key, or None."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: Hashable, value: bytes) -> None:
        """Store a value, unless it alone is larger than the cache; evict the least recently used ones."""
        size = _entry_bytes(value)
        if size > self.max_bytes:
            return
        with self._lock:
            if key in self._values:
                self.size -= _entry_bytes(self._values.pop(key))
            self._values[key] = value
            self.size += size
            while self.size > self.max_bytes:
                _, evicted = self._values.popitem(last=False)
                self.size -= _entry_bytes(evicted)

    def __len__(self) -> int:
        return len(self._values)


def _entry_bytes(value: bytes) -> int:
    return len(value) + ENTRY_OVERHEAD_BYTES
