"""Muon: steepest descent whose steps of weight matrices are orthogonalised (Jordan et al. 2024)."""

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

MOMENTUM_DECAY = 0.95
WEIGHT_DECAY = 0.01
NEWTON_SCHULZ_STEPS = 5
NEWTON_SCHULZ_COEFFICIENTS = (3.4445, -4.7750, 2.0315)
"""Of the quintic a·σ + b·σ³ + c·σ⁵, which steeply brings singular values σ of (0, 1] into about [0.7, 1.2]."""
RELATIVE_STEP = 0.4
"""Root mean square of a step's elements in learning rates: AdamW's is 0.2 to 0.4 (Liu et al. 2025), so that both may
have the same learning rate."""
NORM_EPSILON = 1e-7
"""Keeps the step of a zero gradient zero."""


class Muon(Optimizer):
    """Momentum for weights W of at least two axes, as matrices (rows, all other axes), each step orthogonalised.

    A step of the nearest orthogonal matrix moves all directions of the outputs alike, where those of a few large
    singular values outweigh the others otherwise: with momentum M and gradient G,

        W ← (1 − lr · WEIGHT_DECAY) · W − lr · RELATIVE_STEP · √max(rows, columns) · orthogonalise(N),
        N = G + MOMENTUM_DECAY · (M − G)
    """

    def __init__(self, params: Iterable[nn.Parameter], lr: float = 1e-3) -> None:
        super().__init__(params, {"lr": lr})

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override]  # the base class's overloads
        """One step of every weight that has a gradient; `closure` is not used."""
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is not None:
                    self._step_weight(weight, group["lr"])

    def _step_weight(self, weight: nn.Parameter, lr: float) -> None:
        assert weight.grad is not None
        state = self.state[weight]
        if not state:
            state["momentum"] = torch.zeros_like(weight)
        momentum = state["momentum"].lerp_(weight.grad, 1 - MOMENTUM_DECAY)
        matrix = orthogonalise(weight.grad.lerp(momentum, MOMENTUM_DECAY).flatten(1))  # (rows, columns)
        weight.mul_(1 - lr * WEIGHT_DECAY)
        weight.sub_(matrix.reshape(weight.shape), alpha=lr * RELATIVE_STEP * max(matrix.shape) ** 0.5)


def orthogonalise(matrix: Tensor) -> Tensor:
    """About the nearest matrix with orthonormal rows or columns, (R, C) → (R, C), by a Newton–Schulz iteration.

    X ← a·X + b·(X·Xᵀ)·X + c·(X·Xᵀ)²·X multiplies X by a polynomial of its Gram matrix G = X·Xᵀ, of which G is then one
    too. So the iteration takes place on the shorter side's square, and X is multiplied once, at the end.
    """
    a, b, c = NEWTON_SCHULZ_COEFFICIENTS
    is_tall = matrix.shape[0] > matrix.shape[1]
    wide = matrix.T if is_tall else matrix  # (n, m), n ≤ m
    wide = wide / (wide.norm() + NORM_EPSILON)  # no singular value above 1
    gram = wide @ wide.T  # (n, n)
    product = identity = torch.eye(len(gram), device=gram.device)  # (n, n)
    for _ in range(NEWTON_SCHULZ_STEPS):
        factor = a * identity + b * gram + c * gram @ gram  # (n, n)
        product = factor @ product
        gram = factor @ gram @ factor
    orthogonal: Tensor = product @ wide  # (n, m)
    return orthogonal.T if is_tall else orthogonal
