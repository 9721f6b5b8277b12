"""Licences of a static site: the page's and the runtime's, the text encoders', and what painters' cards state."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from painting.text import catalog
from painting.text.encoder_file import LICENCE_FILE, read_description

LICENCES_FILE = "LICENSES.txt"
PAGE_LICENCES = Path(__file__).parent / "runtime" / LICENCES_FILE  # written by scripts/copy_runtime.py


def licences(encoder_ids: Iterable[str], painters: Sequence[dict[str, Any]]) -> str:
    """The text of LICENSES.txt; `painters`: their entries of the index."""
    parts = [PAGE_LICENCES.read_text(encoding="utf-8")]
    parts += [titled(f"Text encoder {name}", _encoder_licence(name)) for name in encoder_ids]
    parts += [titled(f"Painter {entry['name']}", _card_licence(entry["card"])) for entry in painters]
    return "\n".join(parts)


def titled(title: str, text: str) -> str:
    """A text below its underlined title."""
    return f"{title}\n{'=' * len(title)}\n\n{text.strip()}\n"


def _card_licence(card: dict[str, Any]) -> str:
    data = card.get("data")
    of_data = data.get("licence") if isinstance(data, dict) else None
    lines = [f"{what}: {licence}" for what, licence in (("painter", card.get("licence")), ("data", of_data)) if licence]
    return "\n".join(lines) or "Its card states no licence."


def _encoder_licence(encoder_id: str) -> str:
    folder = catalog.find(encoder_id)
    file = folder / LICENCE_FILE
    return file.read_text(encoding="utf-8") if file.is_file() else read_description(folder).licence
