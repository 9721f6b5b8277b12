"""A site states the licences of all that it holds."""

from pathlib import Path

from painting.site.licences import PAGE_LICENCES, licences, titled
from painting.text import catalog

ROOT = Path(__file__).parents[2]


def test_the_licences_of_the_page_and_of_the_text_encoder_are_there_in_full() -> None:
    text = licences(["minilm-l6"], [])
    assert (ROOT / "LICENSE").read_text().strip() in text
    assert "onnxruntime-web" in text and "Copyright (c) Microsoft Corporation" in text
    assert "@huggingface/tokenizers" in text and "vue" in text
    assert (catalog.BUNDLED_FOLDER / "minilm-l6" / "LICENSE").read_text().strip() in text


def test_what_painters_cards_state_is_there() -> None:
    cards = [
        {"name": "roses", "card": {"licence": "MIT", "data": {"licence": "CC0"}}},
        {"name": "tiny", "card": {"data": "random weights, for tests"}},
    ]
    text = licences([], cards).removeprefix(PAGE_LICENCES.read_text(encoding="utf-8")).strip()
    expected = (
        titled("Painter roses", "painter: MIT\ndata: CC0"),
        titled("Painter tiny", "Its card states no licence."),
    )
    assert text == "\n".join(expected).strip()
