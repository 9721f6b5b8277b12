"""The cache is bounded in bytes, and evicts the least recently used value."""

from concurrent.futures import ThreadPoolExecutor

from painting.serving.engine.lru_cache import ENTRY_OVERHEAD_BYTES, ByteCache


def cache(values: int) -> ByteCache:
    return ByteCache(values * (100 + ENTRY_OVERHEAD_BYTES))


def test_the_least_recently_used_value_is_evicted_first() -> None:
    kept = cache(2)
    kept.put("a", b"a" * 100)
    kept.put("b", b"b" * 100)
    assert kept.get("a")
    kept.put("c", b"c" * 100)
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == (b"a" * 100, None, b"c" * 100)


def test_a_value_is_counted_once_and_one_too_large_is_not_kept() -> None:
    kept = cache(2)
    for _ in range(5):
        kept.put("a", b"a" * 100)
    assert kept.size == 100 + ENTRY_OVERHEAD_BYTES
    kept.put("large", bytes(2000))
    assert kept.get("large") is None and kept.get("a") is not None
    nothing = ByteCache(0)
    nothing.put("a", b"")
    assert len(nothing) == 0


def test_threads_may_share_it() -> None:
    kept = cache(10)

    def use(number: int) -> None:
        kept.put(number % 37, bytes(100))
        kept.get(number % 11)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(use, range(5000)))
    assert len(kept) == 10 and kept.size == 10 * (100 + ENTRY_OVERHEAD_BYTES)
