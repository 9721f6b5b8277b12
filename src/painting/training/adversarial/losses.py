"""Adversarial losses: hinge and cross-entropy objectives of a discriminator D and a generator G.

x is real, G(z) generated, and D gives logits. All functions return a float32 scalar, a mean over pictures (and over
positions, where a discriminator gives a logit at each). A GPU may have computed logits in bf16: they are widened
before they are summed.
Letters: N pictures, P positions of a picture's logits.
"""

import torch
import torch.nn.functional as F
from torch import Tensor


def hinge_d(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """Discriminator's hinge loss (Lim & Ye 2017): E[max(0, 1 − D(x))] + E[max(0, 1 + D(G(z)))]."""
    return F.relu(1 - real_logits.float()).mean() + F.relu(1 + fake_logits.float()).mean()


def hinge_g(fake_logits: Tensor) -> Tensor:
    """Generator's hinge loss (Lim & Ye 2017): −E[D(G(z))].

    It has no margin: a generator that already wins still gets a gradient.
    """
    return -fake_logits.float().mean()


def mismatched_hinge(logits: Tensor, is_mismatched: Tensor) -> Tensor:
    """Hinge loss of real pictures beside captions of others: E[max(0, 1 + D(x, other text))] (Reed et al. 2016).

    logits (N, P); is_mismatched bool (N,): where the caption truly is another's, over which the mean is taken.
    """
    return masked_mean(F.relu(1 + logits.float()).mean(1), is_mismatched)


def bce_real(logits: Tensor, labels: Tensor | None = None) -> Tensor:
    """Discriminator's cross-entropy of real pictures, logits (N,), with 1: E[−log σ(D(x))], or with labels (N,).

    Labels a little below 1 keep it from overconfidence: one-sided smoothing, for real pictures alone (Salimans et al.
    2016).
    """
    return F.binary_cross_entropy_with_logits(logits, torch.ones_like(logits) if labels is None else labels)


def bce_fake(logits: Tensor) -> Tensor:
    """Discriminator's cross-entropy of generated pictures, logits (N,), with 0: E[−log(1 − σ(D(G(z))))]."""
    return F.softplus(logits.float()).mean()


def mismatched_bce(logits: Tensor, is_mismatched: Tensor) -> Tensor:
    """Cross-entropy with 0 of real pictures beside captions of others: E[−log(1 − σ(D(x, other text)))].

    Reed et al. 2016. logits (N,); is_mismatched bool (N,): where the caption truly is another's, over which the mean
    is taken.
    """
    return masked_mean(F.softplus(logits.float()), is_mismatched)


def nonsaturating_g(fake_logits: Tensor) -> Tensor:
    """Generator's non-saturating loss, logits (N,): E[−log σ(D(G(z)))] (Goodfellow et al. 2014).

    The minimax loss log(1 − σ(D(G(z)))) would have almost no gradient where the discriminator is sure, as it is at
    the start; this one's is largest there.
    """
    return F.softplus(-fake_logits.float()).mean()


def masked_mean(values: Tensor, mask: Tensor) -> Tensor:
    """The mean of values (N,) where the bool mask (N,) is set; 0 where it is set nowhere."""
    return (values * mask).sum() / mask.sum().clamp_min(1)
