"""Fréchet loss: moves the features of generated pictures, as one distribution, towards those of real ones.

A discriminator rates pictures one by one, which does not reward their spread. The Fréchet distance of two sets of
features (Heusel et al. 2017), each taken as a Gaussian with moments (μ, Σ),

    d² = |μ − μ*|² + tr(Σ + Σ* − 2 (Σ*^½ Σ Σ*^½)^½),

is the mean squared length of the way E|x − A(x)|² by the optimal transport map from the one to the other,

    A(x) = μ* + T (x − μ),  T = Σ*^½ (Σ*^½ Σ Σ*^½)^−½ Σ*^½,

where Σ* is diagonal, as features are projected on the principal components of the real ones;
and its gradient at a feature x is that of |x − A(x)|² with A(x) held fixed (Knott & Smith 1984). So a step needs the
moments of many pictures, which are running averages, and gradients of its own few alone. All of it is computed in
float32 or float64, whatever the mixed precision of the step.
Letters: N pictures, F length of a feature vector, P < F principal components.
"""

import torch
from torch import Tensor, nn

COMPONENT_COUNT = 256
"""Principal components of real features that are compared; of 1,280 features of EfficientNet-Lite0 they hold most of
the variance, and some thousand pictures suffice for their covariance."""
WINDOW_IMAGES = 8000
"""How many images the memory of the generated pictures' moments holds, as an exponential window."""
MAP_INTERVAL_IMAGES = 1200
"""How many images pass between two computations of the transport map."""
MIN_VARIANCE_FRACTION = 1e-3
"""Variances that T divides by are clamped from below to this fraction of the largest: few images leave some at 0."""


class FrechetLoss(nn.Module):
    """The loss, with the moments of real and of generated pictures: a network, so that checkpoints hold them."""

    components: Tensor
    real_mean: Tensor
    real_std: Tensor
    mean: Tensor
    second_moment: Tensor
    images: Tensor
    transport: Tensor
    distance: Tensor

    def __init__(self, feature_size: int, components: int = COMPONENT_COUNT) -> None:
        super().__init__()
        self.register_buffer("components", torch.zeros(feature_size, components))  # (F, P)
        self.register_buffer("real_mean", torch.zeros(components))  # (P,) μ*
        self.register_buffer("real_std", torch.zeros(components))  # (P,) the diagonal of Σ*^½
        self.register_buffer("mean", torch.zeros(components))  # (P,) μ
        self.register_buffer("second_moment", torch.zeros(components, components))  # (P, P) Σ + μ μᵀ
        self.register_buffer("images", torch.tensor(0))
        self.register_buffer("transport", torch.eye(components))  # (P, P) T
        self.register_buffer("distance", torch.tensor(0.0))  # d²

    def is_measured(self) -> bool:
        """Whether `measure_real` was called, in this run or before it resumed."""
        return bool(self.components.any())

    @torch.no_grad()
    def measure_real(self, features: Tensor) -> None:
        """Take real pictures' features (N, F) for the principal components and the moments to reach."""
        x = features.cpu().double()  # not every GPU has float64, nor eigenvectors
        centred = x - x.mean(0)
        covariance = centred.T @ centred / (len(x) - 1)  # (F, F)
        count = self.components.shape[1]
        variances, directions = torch.linalg.eigh(covariance)  # ascending
        components = directions[:, -count:]  # (F, P)
        self.components.copy_(components)
        self.real_mean.copy_(x.mean(0) @ components)
        self.real_std.copy_(variances[-count:].clamp(min=0).sqrt())

    @torch.no_grad()
    def observe(self, features: Tensor) -> None:
        """Let the moments of generated pictures follow these features (N, F)."""
        before = int(self.images)
        # A plain mean at first, an exponential window once that is full.
        weight = len(features) / min(before + len(features), WINDOW_IMAGES)
        with _full_precision(features):
            x = features.float() @ self.components  # (N, P)
            self.mean.lerp_(x.mean(0), weight)
            self.second_moment.lerp_(x.T @ x / len(x), weight)
        self.images += len(x)
        if before // MAP_INTERVAL_IMAGES != int(self.images) // MAP_INTERVAL_IMAGES:
            self._update_transport()

    def forward(self, features: Tensor) -> Tensor:
        """The mean of |x − A(x)|² / d² over features (N, F), about 1: a scalar; 0 before there are moments."""
        with _full_precision(features):
            x = features.float() @ self.components  # (N, P)
            if not self.distance > 0:
                return x.sum() * 0
            with torch.no_grad():
                target = self.real_mean + (x - self.mean) @ self.transport  # (N, P): T is symmetric
            return (x - target).square().sum(1).mean() / self.distance

    def _update_transport(self) -> None:
        """Compute T and d² of the moments so far."""
        mean = self.mean.cpu().double()
        covariance = self.second_moment.cpu().double() - torch.outer(mean, mean)  # (P, P)
        std = self.real_std.cpu().double()  # (P,)
        both_std = torch.outer(std, std)  # (P, P)
        squares, vectors = torch.linalg.eigh(both_std * covariance)  # of Σ*^½ Σ Σ*^½
        variances = squares.clamp(min=0).sqrt()  # (P,)
        clamped = variances.clamp(min=MIN_VARIANCE_FRACTION * float(variances.max()))
        self.transport.copy_(both_std * (vectors / clamped @ vectors.T))
        between = (mean - self.real_mean.cpu()).square().sum()
        self.distance.copy_(between + covariance.trace() + std.square().sum() - 2 * variances.sum())


def _full_precision(features: Tensor) -> torch.autocast:
    """Switch the mixed precision of the features' device off, which would multiply in bf16."""
    return torch.autocast(features.device.type, enabled=False)
