"""The web page: its built files, held in memory, so that no path from a request touches the disk."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from flask import Request, Response, abort

FOLDER = Path(__file__).parent / "static"
FRESH = "no-cache"  # ask again each time; an unchanged file costs a 304
FOREVER = "public, max-age=31536000, immutable"  # for files whose name holds the hash of their content
SMALLEST_GZIP = 512  # bytes; packing less saves nothing


@dataclass(frozen=True)
class PageFile:
    """A file of the page, as it is and packed."""

    content: bytes
    packed: bytes | None
    media_type: str
    etag: str
    caching: str

    @classmethod
    def read(cls, path: Path) -> "PageFile":
        """Read a file and pack it where that helps."""
        caching = FOREVER if path.parent.name == "assets" else FRESH
        content = path.read_bytes()
        media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        if media_type.startswith("text/") or path.suffix in (".js", ".svg"):
            packed = gzip.compress(content, mtime=0) if len(content) >= SMALLEST_GZIP else None
            media_type += "; charset=utf-8"
        else:
            packed = None
        return cls(content, packed, media_type, hashlib.sha256(content).hexdigest()[:24], caching)


class Page:
    """The built page: every file of a folder by its path within it."""

    def __init__(self, folder: Path = FOLDER) -> None:
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        self._files = {path.relative_to(folder).as_posix(): PageFile.read(path) for path in paths}

    def answer(self, name: str, request: Request) -> Response:
        """Answer a file, packed or 304 as the request allows; raises NotFound."""
        file = self._files.get(name)
        if file is None:
            abort(404)
        packed = file.packed is not None and request.accept_encodings["gzip"] > 0
        response = Response(file.packed if packed else file.content, content_type=file.media_type)
        if packed:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Cache-Control"] = file.caching
        response.vary.add("Accept-Encoding")
        response.set_etag(f"{file.etag}-gzip" if packed else file.etag)
        response.make_conditional(request)
        return response
