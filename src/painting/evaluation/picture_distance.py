"""The distance of painted pictures from real ones by which a warm-started run is compared with its start: KID.

N pictures, S side in px, D features.
"""

from functools import cached_property

from painting.evaluation.extractors.efficientnet import EfficientNet
from painting.evaluation.metrics.kid import KID_METRIC, kid
from painting.images import FloatArray, UInt8Array

FAR_KID = 150.0
"""×1000, by EfficientNet-Lite2. The flowers painter is 28 from 300 flowers and 75 from dandelions alone, 350 from emoji
and 575 from drawn houses."""


class EfficientNetKid:
    """KID ×1000 by the features of EfficientNet-Lite2, which is loaded when it is first used."""

    name = f"{KID_METRIC.name} by {EfficientNet.name}"
    figure = (KID_METRIC.id, EfficientNet.name)
    far = FAR_KID

    @cached_property
    def _network(self) -> EfficientNet:
        return EfficientNet()

    def features(self, pictures: UInt8Array) -> FloatArray:
        """Features (N, D) of pictures uint8 (N, S, S, 3); raises MissingExtra where the network is not installed."""
        return self._network.features(pictures)

    def between(self, real: FloatArray, painted: FloatArray) -> float:
        """KID ×1000 of features (N, D) of which row i of both has the same prompt."""
        return 1000 * kid(real, painted, paired=True)
