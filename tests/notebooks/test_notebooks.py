"""The notebooks run from top to bottom, show what they promise, and are kept without outputs."""

import ast
import sys
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).parents[2] / "notebooks"
NAMES = ("explore", "digits")
SLOWEST_CELL = 600  # seconds; a hanging cell fails, a slow machine does not
MAY_IMPORT = {"explore": {"painting", "numpy", "matplotlib"}, "digits": {"painting", "numpy", "matplotlib", "torch"}}
SHOWING = {
    "explore": "first table colors around again morph pace film counting negation scene unseen close".split(),
    "digits": "data networks noise progress curves average measure gradients head win cure-win collapse cure-collapse "
    "game-of-three train painter morph nearest".split(),
}
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


@cache
def kept(name: str) -> Any:
    """A notebook as it lies in the repository."""
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=nbformat.NO_CONVERT)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_runs_and_its_cells_show_their_pictures(name: str, tmp_path: Path) -> None:
    notebook = deepcopy(kept(name))
    place = {"metadata": {"path": str(tmp_path)}}
    # Every claim of the text that a run could contradict is an assertion in a cell: execute() raises what it says.
    NotebookClient(notebook, timeout=SLOWEST_CELL, kernel_name="python3", resources=place).execute()
    showing = [cell.id for cell in notebook.cells if "image/png" in shown(cell)]
    assert showing == SHOWING[name]


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_kept_without_outputs(name: str) -> None:
    notebook = kept(name)
    assert notebook.metadata == METADATA
    for cell in notebook.cells:
        assert cell.metadata == {}, cell.id
        if cell.cell_type == "code":
            assert cell.outputs == [] and cell.execution_count is None, cell.id


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_imports_painting_and_what_draws_alone(name: str) -> None:
    code = "\n".join(cell.source for cell in kept(name).cells if cell.cell_type == "code")
    imported = {module.partition(".")[0] for node in ast.walk(ast.parse(code)) for module in modules(node)}
    assert imported - sys.stdlib_module_names == MAY_IMPORT[name]


def shown(cell: Any) -> set[str]:
    """The kinds of what a cell has put out: "image/png", "text/plain" …"""
    return {kind for output in cell.get("outputs", []) for kind in output.get("data", {})}


def modules(node: ast.AST) -> list[str]:
    """What an import statement names; nothing for any other node."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
