"""The service worker of a static site: its code, with the site's version and addresses in it."""

import json
from collections.abc import Collection, Sequence
from pathlib import Path

from painting.files.archive import sha256
from painting.site.files import HASH_LENGTH, SiteFile, json_bytes
from painting.site.page import PAGE_FILE

WORKER_ADDRESS = "sw.js"
WORKER_TEMPLATE = Path(__file__).parent / "service_worker.js"
PAGE_ADDRESS = "./"  # some hosts redirect index.html, and a redirected response is none for a navigation


def service_worker(files: Sequence[SiteFile], first: Collection[str]) -> SiteFile:
    """The worker of a site's other files; `first`: the addresses of those that the first picture needs."""
    values = {
        "VERSION": sha256(b"".join(json_bytes(file.entry()) for file in files))[:HASH_LENGTH],
        "FIRST": _list([PAGE_ADDRESS if address == PAGE_FILE else address for address in first]),
        "HASHED": _list([file.address for file in files if file.is_hashed]),
    }
    script = WORKER_TEMPLATE.read_text(encoding="utf-8")
    for name, value in values.items():
        script = script.replace(f"%{name}%", value)
    return SiteFile(WORKER_ADDRESS, script.encode())


def _list(addresses: Sequence[str]) -> str:
    return json.dumps(addresses, indent=2)
