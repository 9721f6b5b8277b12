"""Assembly of a static site in memory: its files, and the index by which the page finds and checks them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from painting.errors import InvalidRequest
from painting.site.files import SiteFile, hashed, json_bytes
from painting.site.licences import LICENCES_FILE, licences
from painting.site.page import page_files
from painting.site.painters import encoder_files, painter_files
from painting.site.service_worker import service_worker
from painting.text.boilerplate import BOILERPLATE_PHRASES
from painting.text.language import ENGLISH_WORDS, FOREIGN_WORDS
from painting.text.words import FUNCTION_WORDS

FORMAT_VERSION = 1
INDEX_ADDRESS = "site.json"
RUNTIME_FILE = Path(__file__).parent / "runtime" / "ort-wasm-simd-threaded.wasm.gz"


@dataclass(frozen=True)
class StaticSite:
    """The files of a site; `first`: the addresses of those that the first picture needs."""

    files: tuple[SiteFile, ...]
    first: frozenset[str]

    @property
    def total_bytes(self) -> int:
        """The bytes of all files."""
        return sum(len(file.content) for file in self.files)

    @property
    def first_bytes(self) -> int:
        """The bytes that a browser loads until the first picture is painted."""
        return sum(len(file.content) for file in self.files if file.address in self.first)


def build_site(painters: Sequence[str]) -> StaticSite:
    """Build the site of some painters, by names or paths, the default first.

    Raises InvalidRequest, PainterFileError and TextEncoderError.
    """
    described = [painter_files(painter) for painter in painters]
    entries = [entry for entry, _ in described]
    _check_names([str(entry["name"]) for entry in entries])
    encoders = {name: encoder_files(name) for name in _encoder_ids(entries)}
    runtime = hashed("engine/ort", ".wasm.gz", RUNTIME_FILE.read_bytes())
    reading = hashed("reading", ".json", json_bytes(reading_words()))
    index = {
        "format_version": FORMAT_VERSION,
        "runtime": runtime.entry(),
        "reading": reading.entry(),
        "encoders": {name: entry for name, (entry, _) in encoders.items()},
        "painters": entries,
    }
    page = page_files(preview=entries[0]["samples"].lstrip("/"))
    shared = [*page, SiteFile(INDEX_ADDRESS, json_bytes(index)), runtime, reading]
    files = [
        *shared,
        *(file for _, files in described for file in files),
        *(file for _, files in encoders.values() for file in files),
        SiteFile(LICENCES_FILE, licences(list(encoders), entries).encode()),
    ]
    first = [*(file.address for file in shared), *_first_painter(entries[0])]
    return StaticSite((*files, service_worker(files, first)), frozenset(first))


def reading_words() -> dict[str, Any]:
    """Word lists of the prompt reading, whose rules the page has itself."""
    return {
        "function_words": sorted(FUNCTION_WORDS),
        "foreign_words": sorted(FOREIGN_WORDS),
        "english_words": sorted(ENGLISH_WORDS),
        "boilerplate_phrases": sorted(map(list, BOILERPLATE_PHRASES)),
    }


def _first_painter(entry: dict[str, Any]) -> list[str]:
    """Addresses of what the first painter needs for its examples."""
    return [entry[key]["file"] for key in ("file", "examples") if entry[key]]


def _check_names(names: Sequence[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InvalidRequest(f"two painters have the name '{twice[0]}': a site takes each name once")


def _encoder_ids(entries: Sequence[dict[str, Any]]) -> list[str]:
    return sorted({str(entry["text_encoder"]) for entry in entries if entry["text_encoder"]})
