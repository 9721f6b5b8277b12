"""The progress picture: what the same latents became, a row for each record point, the images seen beside it."""

from collections.abc import Mapping

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from painting.images import WHITE, UInt8Array, to_pil

HEADING = "images seen"
FONT_PX, MARGIN_PX, ROW_PX = 16, 10, 64
INK = (40, 40, 40)


def progress_picture(rows: Mapping[int, UInt8Array]) -> UInt8Array:
    """Rows (H, W, 3) by images seen → one picture (…, …, 3), the rows below one another in the order given.

    Rows of small pictures are enlarged by a whole number, pixel by pixel, so that they can be looked at.
    """
    font = ImageFont.load_default(size=FONT_PX)
    larger = {images: _enlarged(row) for images, row in rows.items()}
    beside = 2 * MARGIN_PX + round(max(font.getlength(text) for text in [HEADING, *map(_label, rows)]))
    top = FONT_PX + 2 * MARGIN_PX
    width = beside + max(row.shape[1] for row in larger.values()) + MARGIN_PX
    height = top + sum(row.shape[0] + MARGIN_PX for row in larger.values())
    sheet = Image.new("RGB", (width, height), (WHITE, WHITE, WHITE))
    pen = ImageDraw.Draw(sheet)
    right = beside - MARGIN_PX
    pen.text((right, top / 2), HEADING, INK, font, anchor="rm")
    for images, row in larger.items():
        sheet.paste(to_pil(row), (beside, top))
        pen.text((right, top + row.shape[0] / 2), _label(images), INK, font, anchor="rm")
        top += row.shape[0] + MARGIN_PX
    return np.asarray(sheet)


def _label(images: int) -> str:
    return f"{images:,}"


def _enlarged(row: UInt8Array) -> UInt8Array:
    times = max(1, round(ROW_PX / row.shape[0]))
    return row.repeat(times, axis=0).repeat(times, axis=1)
