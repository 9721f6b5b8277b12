"""Ctrl-C ends the command silently with 130, from its first moment on."""

import subprocess
import sys

import pytest


def pressed(module: str, *arguments: str) -> tuple[int, str, str]:
    """Run the command, with Ctrl-C in the moment in which a module is imported: exit code, output, errors."""
    code = f"""
import signal, sys

class Press:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            signal.raise_signal(signal.SIGINT)

from painting import __main__
sys.meta_path.insert(0, Press())
sys.argv = ["painting", *{list(arguments)!r}]
__main__.main()
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    return ended.returncode, ended.stdout, ended.stderr


@pytest.mark.parametrize(
    ("module", "arguments"),
    [
        ("typer", ["--version"]),
        ("painting.cli.serve", ["serve"]),
        ("granian", ["serve", "--port", "0"]),
        ("painting.serving.process.supervisor", ["serve", "--port", "0"]),
        ("numpy", ["paint", "a rose"]),
        ("painting.evaluation", ["evaluate", "digits"]),
    ],
)
def test_ctrl_c_while_it_is_being_imported_is_silent(module: str, arguments: list[str]) -> None:
    assert pressed(module, *arguments) == (130, "", "")
