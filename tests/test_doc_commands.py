"""What the pages name is there: commands with their options, Python names, make targets, settings and files."""

import ast
import importlib
import importlib.util
import re
import shlex
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from tests.test_docs import GENERATED, PAGES, ROOT

from painting.cli import app

WRITTEN = [page for page in PAGES if page not in GENERATED and page.name != "CHANGELOG.md"]
SHELL_BLOCK = re.compile(r"^```(?:sh|bash|console)\n(.*?)^```", re.MULTILINE | re.DOTALL)
PYTHON_BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
PROGRAM = re.compile(r"^(?:\S*/)?painting$")
SOURCES = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
SETTINGS_FIELDS = set(re.findall(r"^    ([a-z_]+): .* = _setting\(", SOURCES, re.MULTILINE))
OTHER_PROGRAMS = "".join(
    (ROOT / name).read_text(encoding="utf-8") for name in ("frontend/vite.config.ts", "Dockerfile_frontend")
)
BEFORE_A_COMMAND = re.compile(r"^(?:\w+=\S*|sudo|exec|time)$")
FILE = re.compile(r"`((?:src|tests|docs|deploy|scripts|benchmarks|frontend|notebooks|examples)/[\w./-]+)`")


def shell_lines(text: str) -> Iterator[str]:
    """The commands of a page's shell blocks: lines joined at their backslashes, without comments."""
    for block in SHELL_BLOCK.findall(text):
        for line in block.replace("\\\n", " ").splitlines():
            yield line.removeprefix("$ ")


def painting_commands(text: str) -> Iterator[list[str]]:
    """The arguments of each call of the command line in a page's shell blocks."""
    for line in shell_lines(text):
        try:
            words = shlex.split(line, comments=True)
        except ValueError:  # a quote that a here-document opens
            continue
        command: list[str] = []
        for word in [*words, ";"]:
            if word in {"|", "&&", "||", "&", ";"}:
                if command and PROGRAM.match(command[0]):
                    yield command[1:]
                command = []
            elif word != "…" and (command or not BEFORE_A_COMMAND.match(word)):
                command.append(word)


def parse(arguments: list[str]) -> None:
    """Parse a command line without running it; raises the parser's error."""
    command = typer.main.get_command(app)
    context = command.make_context("painting", [], resilient_parsing=True)
    while hasattr(command, "get_command") and arguments and not arguments[0].startswith("-"):
        name, *arguments = arguments
        found = command.get_command(context, name)
        assert found is not None, f"there is no command {name}"
        command = found
        if not hasattr(command, "get_command"):
            command.make_context(name, [*arguments], parent=context)


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.name)
def test_commands_parse(page: Path) -> None:
    for arguments in painting_commands(page.read_text(encoding="utf-8")):
        if not {"2>", ">", "<", "<<"} & set(arguments):
            parse(arguments)


def test_an_option_that_is_no_more_would_be_found() -> None:
    text = "```sh\npainting train my-flowers --checkpoints 3   # old\n```\n"
    ((*arguments,),) = painting_commands(text)
    assert arguments == ["train", "my-flowers", "--checkpoints", "3"]
    with pytest.raises(Exception, match="No such option: --checkpoints"):
        parse(arguments)


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.name)
def test_python_is_python_and_imports_what_there_is(page: Path) -> None:
    for block in PYTHON_BLOCK.findall(page.read_text(encoding="utf-8")):
        if "..." in block:  # a sketch
            continue
        for node in ast.walk(ast.parse(textwrap.dedent(block))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("painting"):
                for alias in node.names:
                    assert has_name(node.module, alias.name), f"{node.module}.{alias.name}"


def has_name(module: str, name: str) -> bool:
    """Whether a module has a name, or a package a module of that name."""
    try:
        if hasattr(importlib.import_module(module), name):
            return True
    except ModuleNotFoundError as missing:
        return missing.name == "torch"  # where it is installed, the name is looked up
    return importlib.util.find_spec(f"{module}.{name}") is not None


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.name)
def test_make_targets_are_there(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"`make ([a-z-]+)", text))
    named |= {word for line in shell_lines(text) for word in re.findall(r"(?:^|= ?\S+ )make ([a-z-]+)", line)}
    assert named <= targets


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.name)
def test_settings_are_there(page: Path) -> None:
    named = set(re.findall(r"PAINTING_[A-Z][A-Z_]*[A-Z]", page.read_text(encoding="utf-8")))
    known = {f"PAINTING_{field.upper()}" for field in SETTINGS_FIELDS}
    assert named <= known | set(re.findall(r"PAINTING_[A-Z_]+", SOURCES + OTHER_PROGRAMS))


@pytest.mark.parametrize(
    "page", [page for page in WRITTEN if page.name != "CONTRIBUTING.md"], ids=lambda page: page.name
)
def test_files_of_this_repository_are_there(page: Path) -> None:
    """CONTRIBUTING names files that its reader is to write."""
    for path in FILE.findall(page.read_text(encoding="utf-8")):
        assert any((folder / path).exists() for folder in (ROOT, ROOT / "frontend", page.parent)), path
