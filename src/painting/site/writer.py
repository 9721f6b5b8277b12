"""Writing of a static site's folder, whole or not at all."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from painting.atomic_file import rename
from painting.errors import InvalidRequest, PaintingError
from painting.site.build import INDEX_ADDRESS
from painting.site.files import SiteFile


def check_site_folder(folder: Path) -> None:
    """Refuse a folder that is in use for anything but a site; raises InvalidRequest."""
    if folder.exists() and not folder.is_dir():
        raise InvalidRequest(f"{folder} is a file: give another folder")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / INDEX_ADDRESS).is_file():
        raise InvalidRequest(
            f"{folder} holds other files than a site, which would be replaced: give another folder, or an empty one"
        )


def write_site(files: Sequence[SiteFile], folder: Path) -> None:
    """Write a site beside its folder and then in its place, where a former site stays until the new one is complete.

    Raises InvalidRequest for a folder with other files, and PaintingError for one that cannot be written.
    """
    check_site_folder(folder)
    target = folder.resolve()  # of a link, and of "."
    new = target.with_name(f".{target.name}.{os.getpid()}.new")
    old = target.with_name(f".{target.name}.{os.getpid()}.old")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _write_files(files, new)
        _replace(target, new, old)
    except OSError as problem:
        raise PaintingError(f"cannot write {folder}: {problem.strerror or problem}") from problem
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _write_files(files: Sequence[SiteFile], folder: Path) -> None:
    for file in files:
        path = folder / file.address
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)


def _replace(folder: Path, new: Path, old: Path) -> None:
    """Put the new folder in the place of one that may be there; on OSError, that one is there again."""
    existed = folder.exists()
    if existed:
        rename(folder, old)
    try:
        rename(new, folder)
    except OSError:
        if existed:
            rename(old, folder)
        raise
    shutil.rmtree(old, ignore_errors=True)
