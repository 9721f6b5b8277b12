"""Losses are averaged over the steps that reported them."""

import torch

from painting.training.run.loss_window import LossWindow


def test_a_loss_is_the_mean_of_the_steps_that_report_it() -> None:
    window = LossWindow()
    window.add({"a": torch.tensor(1.0), "b": torch.tensor(8.0)}, images=4)
    window.add({"a": torch.tensor(3.0)}, images=4)
    assert window.means() == {"a": 2.0, "b": 8.0} and window.images == 8 and window.seconds() >= 0
