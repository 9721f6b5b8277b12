"""Shares of a budget: no client takes all of what clients share."""

from collections import Counter


class Shares:
    """How much each client holds of a budget: half of it at most; what is larger alone must be the client's only one.

    Not thread-safe: who shares an instance among threads locks it.
    """

    def __init__(self, budget: float) -> None:
        self.budget = budget
        self.total = 0
        self._held: Counter[str] = Counter()

    def of(self, client: str) -> int:
        """How much a client holds."""
        return self._held[client]

    def fit(self, client: str, amount: int) -> bool:
        """Whether a client may hold so much more now; any amount fits an unused budget."""
        if not self.total:
            return True
        held = self._held[client]
        own_fits = not held or held + amount <= self.budget / 2
        return own_fits and self.total + amount <= self.budget

    def served_before(self, client: str, amount: int) -> int:
        """How much is served until a client's further amount is, that included, where clients take turns."""
        own = self._held[client] + amount
        return own + sum(min(held, own) for other, held in self._held.items() if other != client)

    def add(self, client: str, amount: int) -> None:
        """Note that a client holds so much more."""
        self.total += amount
        self._held[client] += amount

    def remove(self, client: str, amount: int) -> None:
        """Note that a client holds so much less; clients that hold nothing are forgotten."""
        self.total -= amount
        self._held[client] -= amount
        if not self._held[client]:
            del self._held[client]
