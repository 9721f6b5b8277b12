"""Lock files are pinned by hashes, complete, and up to date with pyproject.toml."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT_ROOT = Path(__file__).parents[2]
PROJECT_TOML = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text())
IMAGE_REQUIREMENTS = [
    *PROJECT_TOML["project"]["dependencies"],
    *PROJECT_TOML["project"]["optional-dependencies"]["redis"],
]
"""The dependencies of an image: those of serving, with Redis."""
STALE_MESSAGE = "deploy/requirements.lock is older than pyproject.toml: run make lock"
LINUX_MARKERS = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"}
PYTHON_MARKERS = {
    "python_version": "3.13",
    "python_full_version": "3.13.5",
    "implementation_name": "cpython",
    "extra": "",
}
IMAGE_MARKERS = LINUX_MARKERS | PYTHON_MARKERS | {"platform_python_implementation": "CPython"}
"""The image's values of environment markers."""


def entries(name: str) -> dict[str, tuple[Requirement, str]]:
    """Each locked package that an image installs: the line that pins it, and the lines below."""
    found: dict[str, tuple[Requirement, str]] = {}
    for block in re.split(r"^(?=[a-z])", (PROJECT_ROOT / "deploy" / name).read_text(), flags=re.MULTILINE)[1:]:
        line, _, rest = block.partition("\\\n")
        pinned = Requirement(line)
        if pinned.marker is None or pinned.marker.evaluate(dict(IMAGE_MARKERS)):
            found[canonicalize_name(pinned.name)] = (pinned, rest)
    return found


def version(pinned: Requirement) -> str:
    (only,) = pinned.specifier
    assert only.operator == "=="
    return only.version


@pytest.mark.parametrize("name", ["requirements.lock", "build.lock"])
def test_every_package_is_pinned_with_hashes(name: str) -> None:
    locked = entries(name)
    assert locked
    for pinned, rest in locked.values():
        assert version(pinned)
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", rest), pinned


def test_what_the_project_depends_on_is_locked_and_nothing_that_it_no_longer_does() -> None:
    locked = entries("requirements.lock")
    asked = {canonicalize_name(one.name): one for one in map(Requirement, IMAGE_REQUIREMENTS)}
    direct = {name for name, (_, rest) in locked.items() if "painting-nets (pyproject.toml)" in rest}
    assert direct == set(asked), STALE_MESSAGE
    for name, requirement in asked.items():
        assert requirement.specifier.contains(version(locked[name][0])), STALE_MESSAGE


def test_what_locked_packages_depend_on_is_locked_too() -> None:
    locked = entries("requirements.lock")
    looked_at = 0
    for name in locked:
        try:
            needed = [Requirement(line) for line in requires(name) or []]
        except PackageNotFoundError:  # not of this machine
            continue
        looked_at += 1
        for one in needed:
            if one.marker is None or one.marker.evaluate(dict(IMAGE_MARKERS)):
                assert canonicalize_name(one.name) in locked, f"{name} needs {one}: {STALE_MESSAGE}"
                pinned, _ = locked[canonicalize_name(one.name)]
                # pip before 24.0, as of Debian 12, takes a pin without the extra for another requirement.
                assert one.extras <= pinned.extras, f"{name} needs {one}: {STALE_MESSAGE}"
    assert looked_at > len(locked) // 2


def test_what_builds_the_package_is_locked() -> None:
    locked = entries("build.lock")
    for requirement in map(Requirement, PROJECT_TOML["build-system"]["requires"]):
        assert requirement.specifier.contains(version(locked[canonicalize_name(requirement.name)][0]))


def test_images_hold_no_torch_and_nothing_to_train_with() -> None:
    assert not set(entries("requirements.lock")) & {
        "torch",
        "onnx",
        "matplotlib",
        "transformers",
        "safetensors",
        "scipy",
    }
