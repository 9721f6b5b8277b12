"""The progress picture: the sample row of each snapshot below the one before, with the images trained on beside it."""

from collections.abc import Mapping

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from painting.images import WHITE_LEVEL, UInt8Array, to_pil

HEADING_TEXT = "images seen"
FONT_PX, MARGIN_PX, MIN_ROW_PX = 16, 10, 64
INK_RGB = (40, 40, 40)


def progress_picture(rows: Mapping[int, UInt8Array]) -> UInt8Array:
    """Rows (H, W, 3) by images trained on → one picture (…, …, 3), in the order given.

    Rows of small pictures are enlarged by a whole factor, without smoothing.
    """
    font = ImageFont.load_default(size=FONT_PX)
    enlarged = {images: _enlarge(row) for images, row in rows.items()}
    label_width = round(max(font.getlength(text) for text in [HEADING_TEXT, *map(_label, rows)]))
    left = 2 * MARGIN_PX + label_width
    top = FONT_PX + 2 * MARGIN_PX
    width = left + max(row.shape[1] for row in enlarged.values()) + MARGIN_PX
    height = top + sum(row.shape[0] + MARGIN_PX for row in enlarged.values())
    sheet = Image.new("RGB", (width, height), (WHITE_LEVEL, WHITE_LEVEL, WHITE_LEVEL))
    pen = ImageDraw.Draw(sheet)
    label_right = left - MARGIN_PX
    pen.text((label_right, top / 2), HEADING_TEXT, INK_RGB, font, anchor="rm")
    for images, row in enlarged.items():
        sheet.paste(to_pil(row), (left, top))
        pen.text((label_right, top + row.shape[0] / 2), _label(images), INK_RGB, font, anchor="rm")
        top += row.shape[0] + MARGIN_PX
    return np.asarray(sheet)


def _label(images: int) -> str:
    return f"{images:,}"


def _enlarge(row: UInt8Array) -> UInt8Array:
    factor = max(1, round(MIN_ROW_PX / row.shape[0]))
    return row.repeat(factor, axis=0).repeat(factor, axis=1)
