"""Static files of the web page, held in memory, so that no path from a request touches the disk."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from flask import Request, Response, abort

STATIC_FOLDER = Path(__file__).parent / "static"
CACHE_REVALIDATE = "no-cache"  # a browser revalidates each time; an unchanged file costs a 304
CACHE_IMMUTABLE = "public, max-age=31536000, immutable"  # for files whose name holds the hash of their content
MEDIA_TYPES = mimetypes.MimeTypes()  # Python's own table: Windows' registry may call JavaScript plain text
MEDIA_TYPES.add_type("text/javascript", ".js")
MIN_GZIP_BYTES = 512  # compressing less saves nothing


@dataclass(frozen=True)
class StaticFile:
    """A file of the page, plain and gzipped."""

    content: bytes
    gzipped: bytes | None
    media_type: str
    etag: str
    caching: str

    @classmethod
    def read(cls, path: Path) -> "StaticFile":
        """Read a file, and compress it where that helps."""
        caching = CACHE_IMMUTABLE if path.parent.name == "assets" else CACHE_REVALIDATE
        content = path.read_bytes()
        media_type = MEDIA_TYPES.guess_type(path.name)[0] or "application/octet-stream"
        if media_type.startswith("text/") or path.suffix in (".js", ".svg"):
            gzipped = gzip.compress(content, mtime=0) if len(content) >= MIN_GZIP_BYTES else None
            media_type += "; charset=utf-8"
        else:
            gzipped = None
        return cls(content, gzipped, media_type, hashlib.sha256(content).hexdigest()[:24], caching)


class StaticFiles:
    """All files of a folder by their path within it."""

    def __init__(self, folder: Path = STATIC_FOLDER) -> None:
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        self._files = {path.relative_to(folder).as_posix(): StaticFile.read(path) for path in paths}

    def response(self, name: str, request: Request) -> Response:
        """Build a file's response, gzipped or 304 as the request allows; aborts with 404."""
        file = self._files.get(name)
        if file is None:
            abort(404)
        gzipped = file.gzipped is not None and request.accept_encodings["gzip"] > 0
        response = Response(file.gzipped if gzipped else file.content, content_type=file.media_type)
        if gzipped:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Cache-Control"] = file.caching
        response.vary.add("Accept-Encoding")
        response.set_etag(f"{file.etag}-gzip" if gzipped else file.etag)
        response.make_conditional(request)
        return response
