"""Files of a static site: their addresses, and what the page checks them by."""

import gzip
import json
import re
from dataclasses import dataclass, field
from typing import Any

from painting.files.archive import sha256

HASH_LENGTH = 12  # hexadecimal digits in a file's name
GZIP_LEVEL = 9
MAX_STEM_LENGTH = 60  # characters
DEFAULT_STEM = "painter"  # of a name without a letter that addresses have
HASHED_PATTERN = re.compile(r"assets/.+|.*-[0-9a-f]{12}\.[a-z.]+")


@dataclass(frozen=True)
class SiteFile:
    """A file of a site: its address, relative to the page, and its bytes."""

    address: str
    content: bytes = field(repr=False)

    @property
    def is_hashed(self) -> bool:
        """Whether its name holds the hash of its content, so that caches may keep it for ever."""
        return HASHED_PATTERN.fullmatch(self.address) is not None

    def entry(self) -> dict[str, Any]:
        """The file's entry in the site's index."""
        return {"file": self.address, "bytes": len(self.content), "sha256": sha256(self.content)}


def hashed(stem: str, suffix: str, content: bytes) -> SiteFile:
    """A file whose name holds the hash of its content."""
    return SiteFile(f"{stem}-{sha256(content)[:HASH_LENGTH]}{suffix}", content)


def file_stem(name: str) -> str:
    """Write a name in letters that every file system and address has; hashes distinguish names that become alike."""
    return re.sub(r"[^A-Za-z0-9]+", "-", name)[:MAX_STEM_LENGTH].strip("-") or DEFAULT_STEM


def gzipped(content: bytes) -> bytes:
    """Gzip bytes; the same content gives the same bytes, whenever it is packed."""
    return gzip.compress(content, GZIP_LEVEL, mtime=0)


def json_bytes(value: Any) -> bytes:
    """A value as JSON, equal for equal values."""
    return (json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n").encode()
