"""A checkout has the bytes that were committed, also where git converts line ends."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_checkout_with_converted_line_ends_keeps_the_text_encoder_s_bytes(tmp_path: Path) -> None:
    """Git for Windows converts by default; a painter knows its text encoder by a hash."""
    name = "src/painting/text/encoders/minilm-l6/text_encoder.json"
    (tmp_path / name).parent.mkdir(parents=True)
    git = ["git", "-c", "core.autocrlf=true", "-C", str(tmp_path)]
    for path in (".gitattributes", name):
        (tmp_path / path).write_bytes((ROOT / path).read_bytes())
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    (tmp_path / name).unlink()
    subprocess.run([*git, "checkout", "-q", "--", name], check=True)
    assert (tmp_path / name).read_bytes() == (ROOT / name).read_bytes()
