"""The web page: its built files, held in memory, so that no path from a request touches the disk."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from flask import Request, Response, abort

STATIC_FOLDER = Path(__file__).parent / "static"
CACHE_REVALIDATE = "no-cache"  # ask again each time; an unchanged file costs a 304
CACHE_IMMUTABLE = "public, max-age=31536000, immutable"  # for files whose name holds the hash of their content
MIN_GZIP_BYTES = 512  # bytes; packing less saves nothing


@dataclass(frozen=True)
class StaticFile:
    """A file of the page, as it is and packed."""

    content: bytes
    packed: bytes | None
    media_type: str
    etag: str
    caching: str

    @classmethod
    def read(cls, path: Path) -> "StaticFile":
        """Read a file and pack it where that helps."""
        caching = CACHE_IMMUTABLE if path.parent.name == "assets" else CACHE_REVALIDATE
        content = path.read_bytes()
        media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        if media_type.startswith("text/") or path.suffix in (".js", ".svg"):
            packed = gzip.compress(content, mtime=0) if len(content) >= MIN_GZIP_BYTES else None
            media_type += "; charset=utf-8"
        else:
            packed = None
        return cls(content, packed, media_type, hashlib.sha256(content).hexdigest()[:24], caching)


class StaticFiles:
    """The built page: every file of a folder by its path within it."""

    def __init__(self, folder: Path = STATIC_FOLDER) -> None:
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        self._files = {path.relative_to(folder).as_posix(): StaticFile.read(path) for path in paths}

    def response(self, name: str, request: Request) -> Response:
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
