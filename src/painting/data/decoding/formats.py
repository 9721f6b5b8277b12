"""Picture formats by the suffix of a file's name: which are decoded, and what to do about the others."""

from PIL import features

PICTURE_FORMATS = {
    ".jpg": "JPEG", ".jpeg": "JPEG", ".jpe": "JPEG", ".jfif": "JPEG", ".pjpeg": "JPEG", ".pjp": "JPEG",
    ".png": "PNG", ".apng": "PNG", ".webp": "WEBP", ".bmp": "BMP", ".dib": "BMP", ".gif": "GIF",
    ".tif": "TIFF", ".tiff": "TIFF",
} | ({".avif": "AVIF"} if features.check("avif") else {})  # fmt: skip
"""Pillow's format of each suffix, in lower case; a file's content decides which of the formats it has."""
UNSUPPORTED_SUFFIXES = frozenset(
    ".heic .heif .hif .avif .svg .psd .xcf .pdf .jxl .ico .tga .raw .cr2 .cr3 .nef .arw .orf .rw2 .dng .eps "
    ".jp2 .j2k .ppm .pgm .pnm .exr .hdr .kra .ai".split()
) - frozenset(PICTURE_FORMATS)
"""Suffixes of pictures that are not decoded."""
