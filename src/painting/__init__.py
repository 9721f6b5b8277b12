"""Train, measure and paint with your own text-to-image painter.

    >>> import painting
    >>> painter = painting.load("flowers")
    >>> painter.paint("a red rose", count=5, seed=7)[0].save("rose.png")

Heavy modules are imported when they are first used. Importing the package disables the telemetry of its dependencies.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from painting.dependencies import disable_telemetry

if TYPE_CHECKING:
    from pathlib import Path

    from painting.paint.morph import Morph
    from painting.paint.paint_request import Paintings, Variation
    from painting.paint.painter import Painter

    __version__: str

disable_telemetry()  # here, before any module imports one of them

__all__ = ["Morph", "Painter", "Paintings", "Variation", "__version__", "load"]

_MODULE_OF = {
    "Morph": "painting.paint.morph",
    "Painter": "painting.paint.painter",
    "Paintings": "painting.paint.paint_request",
    "Variation": "painting.paint.paint_request",
}


def load(name_or_path: "str | Path | None" = None) -> "Painter":
    """Load a painter by its name or from a file; None: flowers, or the first one that is bundled.

    Raises InvalidRequest for an unknown name, PainterFileError and TextEncoderError.
    """
    from painting.paint.painter import Painter
    from painting.painters import catalog

    return Painter.load(catalog.default_name() if name_or_path is None else name_or_path)


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return import_module("painting.distribution").version()
    if name in _MODULE_OF:
        return getattr(import_module(_MODULE_OF[name]), name)
    raise AttributeError(f"module 'painting' has no attribute {name!r}")
