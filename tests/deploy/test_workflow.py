"""The forge's workflow keeps to its schema, and runs what this repository has, on every promised system."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
WORKFLOW = ROOT / ".github" / "workflows" / "ci.yml"


def test_it_keeps_to_the_schema() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(WORKFLOW)]
    subprocess.run(command, check=True)


def test_the_files_that_it_runs_are_there() -> None:
    text = WORKFLOW.read_text(encoding="utf-8")
    files = re.findall(r"(scripts/\S+\.py|\.ci/\S+)", text)
    assert len(files) >= 2
    assert all((ROOT / file).is_file() for file in files)


def test_it_tests_this_wheel_and_the_makefiles_torch() -> None:
    text = WORKFLOW.read_text(encoding="utf-8")
    (torch,) = re.findall(r"^TORCH \?= (torch==\S+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert "dist/*.whl" in text and "--find-links" not in text
    assert f'".[train]" {torch}' in text


def test_windows_macos_and_linux_paint_and_serve() -> None:
    text = WORKFLOW.read_text(encoding="utf-8")
    for system in ("windows-latest", "macos-latest", "macos-15-intel", "ubuntu-latest", "windows-11-arm"):
        assert system in text
