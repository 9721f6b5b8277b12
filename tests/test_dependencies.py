"""Variables that quiet dependencies are set before one is imported, and never against the user's own choice."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from painting import dependencies

ROOT = Path(__file__).parent.parent
OUR_CODE = [path for folder in ("src", "benchmarks", "examples") for path in (ROOT / folder).rglob("*.py")]


def run(code: str, **variables: str) -> str:
    """What Python code prints in a process in which no variable of a dependency is set, beside the given ones."""
    quieting = {*dependencies.TELEMETRY_VARIABLES, *dependencies.LOG_VARIABLES, "MPLCONFIGDIR"}
    environment = {name: value for name, value in os.environ.items() if name not in quieting} | variables
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True).stdout


@pytest.mark.parametrize("name", dependencies.TELEMETRY_VARIABLES)
def test_importing_the_package_disables_telemetry_unless_the_user_has_chosen(name: str) -> None:
    code = f"import painting.errors, os; print(os.environ[{name!r}])"
    assert run(code) == "1\n"
    assert run(code, **{name: "0"}) == "0\n"


def test_other_files_and_logs_are_those_of_a_command_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("import painting, os; print(os.environ.keys() & {'TORCH_CPP_LOG_LEVEL', 'MPLCONFIGDIR'})") == "set()\n"
    monkeypatch.setattr(os, "environ", {"TORCH_CPP_LOG_LEVEL": "INFO"})
    dependencies.silence_logs()
    dependencies.keep_files_in(tmp_path)
    assert os.environ == {"TORCH_CPP_LOG_LEVEL": "INFO", "MPLCONFIGDIR": str(tmp_path / "matplotlib")}


def test_one_module_imports_onnx_runtime() -> None:
    def imports_it(path: Path) -> bool:
        nodes = list(ast.walk(ast.parse(path.read_text())))
        names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
        names += [str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)]
        return any(name.split(".")[0] == "onnxruntime" for name in names)

    assert [path.name for path in OUR_CODE if imports_it(path)] == ["onnx_session.py"]
