import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"


def test_the_command_lines_page_is_what_the_code_says() -> None:
    command = [sys.executable, "-m", "typer", "painting.cli", "utils", "docs", "--name", "painting"]
    generated = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert PAGE.read_text(encoding="utf-8") == generated, "run: make docs"
