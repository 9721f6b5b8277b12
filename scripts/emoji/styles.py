"""The four styles of emoji: which package holds each, under which licence, and its pictures by code."""

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from PIL import Image
from scripts.emoji.names import plain_code
from scripts.emoji.packages import Package

from painting.errors import DataError

SIDE = 128  # px of a picture
Drawings = Mapping[str, bytes | str]
"""Code → a picture file's bytes, or an SVG document."""


def read_pictures(files: Mapping[str, bytes]) -> Drawings:
    """The picture files of a package, each named by its code; of two for one, that with the variation selector."""
    pictures = {path.stem: files[str(path)] for path in map(PurePosixPath, files) if path.suffix == ".webp"}
    return {plain_code(code): pictures[code] for code in sorted(pictures, key=len)}


def read_icons(files: Mapping[str, bytes]) -> Drawings:
    """The SVG documents of a package in Iconify's JSON format."""
    icon_set = json.loads(files["icons.json"])
    names = json.loads(files["chars.json"])
    return {plain_code(code): svg_document(icon_set, name) for code, name in names.items()}


@dataclass(frozen=True)
class Style:
    """A style as captions call it; `suffix` ends its files' names."""

    name: str
    suffix: str
    package: Package
    read: Callable[[Mapping[str, bytes]], Drawings]
    credit: str


STYLES = (
    Style(
        "3D",
        "3d",
        Package(
            "@lobehub/fluent-emoji-3d",
            "1.1.0",
            "sha512-Wlq2lVStTnr8BDpIJ0pEnTKO4LuDxxqTEhTvRtD1DLRF0me7ogeRQjKoehDHXuVJ2Qaecgl5wRBv60lUAG3h7g==",
        ),
        read_pictures,
        "Fluent Emoji, Microsoft Corporation, MIT",
    ),
    Style(
        "flat",
        "flat",
        Package(
            "@iconify-json/fluent-emoji-flat",
            "1.2.6",
            "sha512-RY47RgPb47fYUiyrA64sIOL0+UU02s29sXpNBbIQRBUlPlfNFTKUmZDERGuxDs/7yNGWqQYvuaSYM1M4fRXlUw==",
        ),
        read_icons,
        "Fluent Emoji, Microsoft Corporation, MIT",
    ),
    Style(
        "Noto",
        "noto",
        Package(
            "@iconify-json/noto",
            "1.2.9",
            "sha512-DQiuXENbun41ch+XPSV55H9FaWKpHTyz46YIKtSaKYD4fIDDzL1tR6H4np/T38jfrTAeI3rcKF0mqHYeZVAuaw==",
        ),
        read_icons,
        "Noto Emoji, Google, Apache-2.0",
    ),
    Style(
        "Twitter",
        "twemoji",
        Package(
            "@iconify-json/twemoji",
            "1.2.5",
            "sha512-uKpuIEV0v6K5BW3Mjdyl+XKFVAbbcPxAgifKvEMtZoUZB5+YiY5zaMm2uNNCxyXzAWU9yNLlj41WU6/mvgALsw==",
        ),
        read_icons,
        "Twemoji, Twitter, Inc and other contributors, CC BY 4.0",
    ),
)


def svg_document(icon_set: Mapping[str, Any], name: str) -> str:
    """An icon of a set, or an alias of one that may be flipped, as an SVG document."""
    flips = 0
    while name in icon_set.get("aliases", {}):
        alias = icon_set["aliases"][name]
        flips += alias.get("hFlip", False)
        name = alias["parent"]
    icon = icon_set["icons"][name]
    width, height = (icon.get(side, icon_set[side]) for side in ("width", "height"))
    body = icon["body"]
    if flips % 2:
        body = f'<g transform="translate({width} 0) scale(-1 1)">{body}</g>'
    namespaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'<svg {namespaces} viewBox="0 0 {width} {height}" width="{SIDE}" height="{SIDE}">{body}</svg>'


def check_renderer() -> None:
    """Raise DataError where the library that renders SVG is not installed."""
    try:
        import resvg_py  # noqa: F401
    except ImportError:
        raise DataError("resvg_py, which renders SVG, is not installed: pip install resvg_py") from None


def render_svg(document: str) -> bytes:
    """Render an SVG document to a PNG."""
    import resvg_py

    return bytes(resvg_py.svg_to_bytes(svg_string=document, width=SIDE, height=SIDE, skip_system_fonts=True))


def webp(drawing: bytes | str) -> bytes:
    """A drawing as a WebP of SIDE with alpha."""
    content = render_svg(drawing) if isinstance(drawing, str) else drawing
    picture = Image.open(io.BytesIO(content)).convert("RGBA")
    if picture.size != (SIDE, SIDE):
        picture = picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    encoded = io.BytesIO()
    picture.save(encoded, "WEBP", quality=90, method=4)
    return encoded.getvalue()
