"""Lookup of painters by name or path."""

from pathlib import Path

from painting.errors import InvalidRequest, quoted_path

BUNDLED_FOLDER = Path(__file__).parent
DEFAULT_PAINTER = "flowers"
PAINTER_SUFFIX = ".painter"
BASE_SUFFIX = ".base"


def names() -> list[str]:
    """The names of the bundled painters, in alphabetical order."""
    return sorted(path.stem for path in BUNDLED_FOLDER.glob(f"*{PAINTER_SUFFIX}"))


def default_name() -> str:
    """The name of the default painter: flowers, else the first; raises InvalidRequest if none is bundled."""
    known = names()
    if not known:
        raise InvalidRequest("no painter is bundled with this version: give the path of a painter file")
    return DEFAULT_PAINTER if DEFAULT_PAINTER in known else known[0]


def bundled_base() -> Path | None:
    """The file of the weights that training begins with; None where none is bundled."""
    return next(iter(sorted(BUNDLED_FOLDER.glob(f"*{BASE_SUFFIX}"))), None)


def find(name_or_path: str | Path) -> Path:
    """The file of a painter, by its name or path; raises InvalidRequest that lists the names.

    A bundled name wins over a file of the same name in the working directory: write ./NAME for that one.
    """
    if str(name_or_path) in names():
        return BUNDLED_FOLDER / f"{name_or_path}{PAINTER_SUFFIX}"
    path = Path(name_or_path)
    try:
        if path.is_file():
            return path
        found = path.exists()
    except (OSError, ValueError):  # a name too long for a path, or with a NUL
        found = False
    if found:
        raise InvalidRequest(f"{path} is not a painter file")
    known = ", ".join(names()) or "none is bundled"
    raise InvalidRequest(f"there is no painter {quoted_path(name_or_path)}: give a file or a bundled name ({known})")
