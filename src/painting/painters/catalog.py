"""Painters by name: the ones that come with the package, and files."""

from pathlib import Path

from painting.errors import InvalidRequest

BUNDLED = Path(__file__).parent
DEFAULT = "flowers"
SUFFIX = ".painter"


def names() -> list[str]:
    """The names of the bundled painters, in alphabetical order."""
    return sorted(path.stem for path in BUNDLED.glob(f"*{SUFFIX}"))


def default_name() -> str:
    """The painter that paints when none is named: flowers, else the first; raises InvalidRequest if there is none."""
    known = names()
    if not known:
        raise InvalidRequest("no painter is bundled with this version: give the path of a painter file")
    return DEFAULT if DEFAULT in known else known[0]


def find(name_or_path: str | Path) -> Path:
    """The file of a painter, by its name or path; raises InvalidRequest that lists the names.

    A bundled name wins over a file of the same name in the working directory: write ./NAME for that one.
    """
    if str(name_or_path) in names():
        return BUNDLED / f"{name_or_path}{SUFFIX}"
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
    raise InvalidRequest(f"there is no painter {str(name_or_path)[:100]!r}: give a file or a bundled name ({known})")
