"""The plan of the house holds: who may import whom, how large a piece may be, and how it may be named."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "painting"
SOURCES = sorted(PACKAGE.rglob("*.py"))
STUDIO = {"data", "models", "training", "evaluation"}


def part_of(path: Path) -> str:
    """The package's part that a file belongs to: "models", "painter", or "" for the package's own __init__."""
    first = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return "" if first == "__init__" else first


GALLERY = {part_of(path) for path in SOURCES} - STUDIO - {"serving", "cli", "__main__"}
GROUND = {"cleaning", "distribution", "errors", "atomic_file", "images", "latents", "progress"}
MAY_IMPORT = {
    "errors": set[str](),
    "cleaning": set[str](),
    "distribution": {"errors"},
    "atomic_file": set[str](),
    "images": {"atomic_file", "errors"},
    "latents": {"images", "errors"},
    "files": {"files", "atomic_file", "images", "cleaning", "errors"},
    "text": {"text", "onnx_session", "files", "images", "cleaning", "errors"},
    "models": {"models", "distribution", "errors"},
    "data": {"data", "text", "files", *GROUND},
    "training": {"training", "models", "data", *GALLERY},
    "evaluation": {"evaluation", "models", "data", *GALLERY},
    "serving": {"serving", *GALLERY},
    "__main__": {"cli", "console", "errors"},
    "cli": {"cli", "serving", *GALLERY},  # and the studio, inside a verb's body
}
MAY_NOT_IMPORT = {
    "training/latent_flow": {"training.gan"},
    "training/run": {"training.gan", "training.latent_flow", "training.export"},
    "training/config": {"training.gan", "training.latent_flow", "training.export", "training.run"},
    "evaluation/extractors": {"evaluation.figures", "evaluation.report"},
    "evaluation/metrics": {"evaluation.figures", "evaluation.report"},
    "evaluation/figures": {"evaluation.report"},
    "serving/api": {"serving.process"},
    "serving/engine": {"serving.api", "serving.process"},
}
MAX_ENTRIES = 24
CACHES = set(PACKAGE.rglob("__pycache__"))
HEAVY = {"torch", "safetensors", "onnxscript", "matplotlib", "scipy", "transformers", "huggingface_hub"}
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "benchmarks" / "README.md"])
PYTHON = [*SOURCES, *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "benchmarks").rglob("*.py"))]


def imports(tree: ast.AST) -> Iterator[str]:
    """The full names of all modules imported below a node, but for type checking alone."""
    for node in walk_unless_typing(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def walk_unless_typing(tree: ast.AST, into_functions: bool = True) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if not into_functions and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        yield node
        yield from walk_unless_typing(node, into_functions)


def own_parts(names: Iterator[str]) -> set[str]:
    """Which parts of painting a file's imports name."""
    found = set()
    for name in names:
        top, _, rest = name.partition(".")
        if top == "painting":
            part = rest.split(".")[0]
            is_module = (PACKAGE / part).is_dir() or (PACKAGE / f"{part}.py").is_file()
            found.add(part if is_module else "")
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_one_way(path: Path) -> None:
    part, tree = part_of(path), ast.parse(path.read_text())
    allowed = MAY_IMPORT.get(part, GALLERY)
    if part == "cli":  # a verb may open the studio, but only inside its body
        top_level = ast.Module([n for n in tree.body if not isinstance(n, ast.FunctionDef)], [])
        assert own_parts(imports(top_level)) <= allowed
    else:
        assert own_parts(imports(tree)) <= allowed


FOLDERS = sorted({path.parent for path in SOURCES})
MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): path for path in SOURCES
}


def modules_imported(path: Path) -> set[str]:
    """The package's own modules that a file imports, below painting: "training.loop"."""
    found = set()
    for name in imports(ast.parse(path.read_text())):
        module = name.removeprefix("painting.")
        while module and module not in MODULES:  # the last part may name a class or a function
            module = module.rpartition(".")[0]
        if name.startswith("painting.") and module:
            found.add(module)
    return found


@pytest.mark.parametrize("folder", MAY_NOT_IMPORT)
def test_a_lower_folder_imports_no_higher_one(folder: str) -> None:
    imported = {module for path in (PACKAGE / folder).rglob("*.py") for module in modules_imported(path)}
    assert not {module for module in imported for refused in MAY_NOT_IMPORT[folder] if module.startswith(refused)}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.relative_to(PACKAGE)))
def test_a_folder_has_no_circle_of_imports(folder: Path) -> None:
    """A folder's files, and each folder in it as one, can be put in an order in which imports only point down."""
    prefix = "".join(f"{part}." for part in folder.relative_to(PACKAGE).parts)
    below: dict[str, set[str]] = {}
    for module, path in MODULES.items():
        if module.startswith(prefix):
            here = module.removeprefix(prefix).partition(".")[0]
            named = {name.removeprefix(prefix) for name in modules_imported(path) if name.startswith(prefix)}
            below.setdefault(here, set()).update({name.partition(".")[0] for name in named} - {here})
    try:
        TopologicalSorter(below).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


@pytest.mark.parametrize(
    "folder", sorted({PACKAGE, *(path for path in PACKAGE.rglob("*") if path.is_dir())} - CACHES), ids=str
)
def test_a_folder_is_read_at_a_glance(folder: Path) -> None:
    entries = [path for path in folder.iterdir() if path.name != "__pycache__"]
    assert len(entries) <= MAX_ENTRIES, f"{folder.relative_to(ROOT)} has {len(entries)} files and folders"


@pytest.mark.parametrize(
    "path", [p for p in SOURCES if part_of(p) not in STUDIO], ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_the_gallery_imports_nothing_heavy_when_loaded(path: Path) -> None:
    tree = ast.parse(path.read_text())
    loaded = [n for n in walk_unless_typing(tree, into_functions=False) if isinstance(n, ast.Import | ast.ImportFrom)]
    names = {name.split(".")[0] for node in loaded for name in imports(ast.Module([node], []))}
    assert not names & HEAVY


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(ROOT)))
def test_pieces_are_small_and_named(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= 300, "a file has one idea"
    assert path.stem not in {"utils", "helpers", "misc", "common", "legacy"}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < 60, f"{node.name} is long"
            parameters = len(node.args.args) + len(node.args.kwonlyargs)
            assert parameters <= 8 or "cli" in path.parts, f"{node.name} has {parameters} parameters"
        assert not (isinstance(node, ast.ExceptHandler) and node.type is None), f"line {node.lineno}: bare except"


MAY_BE_ONE_WORD = {"MODELS"}  # the table of models, by which plug-ins know it
# Names that two modules may share: a command, a route or a function that a module's name qualifies.
MAY_SHARE_NAMES = {
    "evaluate": "the command and the Python function of one duty",
    "train": "likewise",
    "create_app": "serving re-exports the one of serving.app, without importing it at once",
    "find": "painters.catalog.find and text.catalog.find do the same for painters and text encoders",
    "names": "likewise",
}
DIALECT_LINES = [
    line for line in (ROOT / "tests" / "dialect.txt").read_text().splitlines() if line[:1] not in {"", "#"}
]
REFUSED_IN_NAMES = {line.rpartition(": ")[2] for line in DIALECT_LINES}
REFUSED_IN_CODE = {line.removeprefix("code: ") for line in DIALECT_LINES if not line.startswith("name: ")}
REFUSED_IN_PAGES = {line for line in DIALECT_LINES if ": " not in line}
Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def constants(tree: ast.Module) -> set[str]:
    """The names in capitals that a module assigns at its top."""
    targets: list[ast.expr] = []
    for node in tree.body:
        if isinstance(node, ast.Assign):
            targets += node.targets
        elif isinstance(node, ast.AnnAssign):
            targets.append(node.target)
    names = {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}
    return {name for name in names if name.isupper()}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_constant_says_of_what_it_is(path: Path) -> None:
    """MAX_TRUNCATION, not MOST: a constant of one word names neither what it bounds nor its unit."""
    one_word = {name for name in constants(ast.parse(path.read_text())) if "_" not in name.strip("_")}
    assert not one_word - MAY_BE_ONE_WORD


def test_a_public_name_has_one_meaning() -> None:
    homes: dict[str, list[str]] = defaultdict(list)
    for path in SOURCES:
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, Definition) and not node.name.startswith("_"):
                homes[node.name].append(str(path.relative_to(PACKAGE)))
    shared = {name: modules for name, modules in homes.items() if len(modules) > 1}
    assert not {name: modules for name, modules in shared.items() if name not in MAY_SHARE_NAMES}


def names_in(tree: ast.Module) -> Iterator[str]:
    """What a module names: constants, classes, functions and parameters."""
    yield from constants(tree)
    for node in ast.walk(tree):
        if isinstance(node, Definition):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg


def words_of(name: str) -> set[str]:
    """The words of a name in snake_case or CamelCase."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


def prose_words(line: str) -> set[str]:
    """The words of a line of prose, a name among them as one."""
    return set(re.findall(r"\w+", line.lower()))


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(ROOT)))
def test_names_and_docstrings_use_the_words_of_the_field(path: Path) -> None:
    tree = ast.parse(path.read_text())
    refused = REFUSED_IN_NAMES if path.is_relative_to(PACKAGE) else REFUSED_IN_CODE
    assert not {name for name in (path.stem, *names_in(tree)) if words_of(name) & refused}
    documented = [node for node in ast.walk(tree) if isinstance(node, ast.Module | Definition)]
    first_lines = [(ast.get_docstring(node) or "").partition("\n")[0] for node in documented]
    assert not [line for line in first_lines if prose_words(line) & REFUSED_IN_CODE]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_pages_use_the_words_of_the_field(page: Path) -> None:
    """docs/cli.md is generated from the commands' help, and tested to be what they print."""
    refused = REFUSED_IN_CODE if page.name == "cli.md" else REFUSED_IN_PAGES
    assert not [line for line in page.read_text().splitlines() if prose_words(line) & refused]


@pytest.mark.parametrize(
    "path", [p for p in SOURCES if p.name != "__init__.py"], ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_a_module_has_tests_of_its_own(path: Path) -> None:
    """tests/data/test_split.py is the mirror of data/split.py."""
    assert (ROOT / "tests" / path.relative_to(PACKAGE).parent / f"test_{path.name}").is_file()
