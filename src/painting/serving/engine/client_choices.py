"""Model choice of each client: AUTOMATIC1111's options let a client select a model for its later requests.

The choices lie in shared memory, as each request of a client may reach another worker process. Python's own means
need a server process of their own (`multiprocessing.Manager`) or a lock that a killed worker would never release
(`multiprocessing.Array`); a fixed table of 64-bit numbers, each read and written in one instruction, needs neither.
"""

import multiprocessing
from hashlib import blake2b

SLOT_COUNT = 1 << 13
MODEL_BITS = 0xFF  # of a slot: the model's index + 1; 0: no choice. The other 56 bits are the client's fingerprint.


class ModelChoices:
    """A hash table in shared memory from a client's identity to the index of a model, 0 to 254.

    A client has one slot. Where two clients share a slot, the later choice overwrites the earlier one; the
    fingerprint keeps the other client from reading it as its own.
    """

    def __init__(self) -> None:
        self._slots = multiprocessing.RawArray("Q", SLOT_COUNT)

    def set(self, identity: str, model: int) -> None:
        """Store a client's choice; one beyond index 254 does not fit and is dropped."""
        slot, fingerprint = _slot_and_fingerprint(identity)
        if model < MODEL_BITS:
            self._slots[slot] = fingerprint | (model + 1)

    def get(self, identity: str) -> int | None:
        """Return the index of the model that a client chose; None if there is none, or it was overwritten."""
        slot, fingerprint = _slot_and_fingerprint(identity)
        entry: int = self._slots[slot]
        if entry == 0 or entry & ~MODEL_BITS != fingerprint:
            return None
        return (entry & MODEL_BITS) - 1


def _slot_and_fingerprint(identity: str) -> tuple[int, int]:
    digest = blake2b(identity.encode(), digest_size=16).digest()
    slot = int.from_bytes(digest[:8], "little") % SLOT_COUNT
    fingerprint = int.from_bytes(digest[8:], "little") & ~MODEL_BITS
    return slot, fingerprint
