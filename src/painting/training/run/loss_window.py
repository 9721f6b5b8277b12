"""The loss window: means of the losses between two ticks, and the images and seconds that these took."""

import time

from torch import Tensor

from painting.training.stage import Losses


class LossWindow:
    """Sums losses between two ticks on the device, without waiting for it."""

    def __init__(self) -> None:
        self.images = 0
        self._sums: dict[str, tuple[Tensor, int]] = {}
        self._start = time.monotonic()

    def add(self, losses: Losses, images: int) -> None:
        """Add the losses of one step."""
        self.images += images
        for name, loss in losses.items():
            total, count = self._sums.get(name, (0, 0))
            self._sums[name] = (total + loss, count + 1)

    def means(self) -> dict[str, float]:
        """The mean of each loss over the steps that reported it; waits for the device."""
        return {name: float(total) / count for name, (total, count) in self._sums.items()}

    def seconds(self) -> float:
        """The time since the window opened."""
        return time.monotonic() - self._start
