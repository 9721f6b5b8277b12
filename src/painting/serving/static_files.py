"""Static files of the web page, held in memory, so that no path from a request touches the disk."""

import gzip
import hashlib
import mimetypes
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from flask import Request, Response, abort

from painting.site.files import SiteFile

STATIC_FOLDER = Path(__file__).parent / "static"
CACHE_REVALIDATE = "no-cache"  # a browser revalidates each time; an unchanged file costs a 304
CACHE_IMMUTABLE = "public, max-age=31536000, immutable"  # for files whose name holds the hash of their content
MEDIA_TYPES = mimetypes.MimeTypes()  # Python's own table: Windows' registry may call JavaScript plain text
for ending, media_type in (
    (".js", "text/javascript"),
    (".mjs", "text/javascript"),
    (".webmanifest", "application/manifest+json"),
    (".webp", "image/webp"),
):
    MEDIA_TYPES.add_type(media_type, ending)
GZIP_TYPE = "application/gzip"  # of a file that the page itself unpacks: no Content-Encoding
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
        """Read a file."""
        caching = CACHE_IMMUTABLE if path.parent.name == "assets" else CACHE_REVALIDATE
        return cls.of(path.name, path.read_bytes(), caching)

    @classmethod
    def of(cls, name: str, content: bytes, caching: str = CACHE_REVALIDATE) -> "StaticFile":
        """A file of a content, compressed where that helps."""
        guessed, packing = MEDIA_TYPES.guess_type(name)
        media_type = GZIP_TYPE if packing else guessed or "application/octet-stream"
        if media_type.startswith("text/") or name.endswith((".js", ".svg")):
            gzipped = gzip.compress(content, mtime=0) if len(content) >= MIN_GZIP_BYTES else None
            media_type += "; charset=utf-8"
        else:
            gzipped = None
        return cls(content, gzipped, media_type, hashlib.sha256(content).hexdigest()[:24], caching)

    def response(self, request: Request) -> Response:
        """Build its response, gzipped or 304 as the request allows."""
        gzipped = self.gzipped is not None and request.accept_encodings["gzip"] > 0
        response = Response(self.gzipped if gzipped else self.content, content_type=self.media_type)
        if gzipped:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Cache-Control"] = self.caching
        response.vary.add("Accept-Encoding")
        response.set_etag(f"{self.etag}-gzip" if gzipped else self.etag)
        response.make_conditional(request)
        return response


class StaticFiles:
    """All files of a folder by their path within it; those of a static site in their place, where one is given."""

    def __init__(self, folder: Path = STATIC_FOLDER, site: Iterable[SiteFile] = ()) -> None:
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        self._files = {path.relative_to(folder).as_posix(): StaticFile.read(path) for path in paths}
        for file in site:
            caching = CACHE_IMMUTABLE if file.is_hashed else CACHE_REVALIDATE
            self._files[file.address] = StaticFile.of(file.address, file.content, caching)

    def __contains__(self, name: str) -> bool:
        return name in self._files

    def find(self, name: str) -> StaticFile:
        """The file of a name; aborts with 404."""
        file = self._files.get(name)
        if file is None:
            abort(404)
        return file

    def response(self, name: str, request: Request) -> Response:
        """Build a file's response; aborts with 404."""
        return self.find(name).response(request)
