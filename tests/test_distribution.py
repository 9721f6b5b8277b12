"""Each hint to install something works for how this package was installed, and names it by its own distribution."""

import json
import re
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest

from painting import distribution
from painting.distribution import DISTRIBUTION_NAME, MissingExtra, install_command

ROOT = Path(__file__).parents[1]
WITH_TORCH = SimpleNamespace(name="torch")


@pytest.fixture(autouse=True)
def torch_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distribution, "find_spec", lambda name: WITH_TORCH)


def installed_from(monkeypatch: pytest.MonkeyPatch, **origin: object) -> None:
    """Make pip's record of where the distribution came from (PEP 610) this one; nothing: the index."""
    text = json.dumps(origin) if origin else None
    monkeypatch.setattr(metadata, "distribution", lambda name: SimpleNamespace(read_text=lambda file: text))


@pytest.mark.parametrize(
    ("origin", "command"),
    [
        ({}, 'pip install "painting-nets[redis]"'),
        ({"url": "file:///home/ada/my%20code", "dir_info": {}}, 'pip install "/home/ada/my code[redis]"'),
        ({"url": "file:///home/ada/code", "dir_info": {"editable": True}}, 'pip install -e "/home/ada/code[redis]"'),
        ({"url": "file:///tmp/p-1-none-any.whl", "archive_info": {}}, 'pip install "/tmp/p-1-none-any.whl[redis]"'),
        (
            {"url": "https://forge.example/a/b", "vcs_info": {"vcs": "git", "commit_id": "12ab"}},
            'pip install "painting-nets[redis] @ git+https://forge.example/a/b"',
        ),
        (
            {"url": "https://files.example/p-1-none-any.whl", "archive_info": {}},
            'pip install "painting-nets[redis] @ https://files.example/p-1-none-any.whl"',
        ),
    ],
)
def test_an_extra_comes_from_where_the_package_came(
    origin: dict[str, object], command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed_from(monkeypatch, **origin)
    assert install_command("redis") == command


@pytest.mark.parametrize("extra", ["train", "clip", "dev"])
def test_where_torch_is_missing_its_build_for_this_machine_comes_first(
    extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed_from(monkeypatch)
    assert install_command(extra) == f'pip install "painting-nets[{extra}]"'
    monkeypatch.setattr(distribution, "find_spec", lambda name: None)
    assert install_command(extra).startswith("pip install uv, then: python -m uv pip install --torch-backend auto ")


def test_the_dependencies_alone_need_no_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    installed_from(monkeypatch)
    assert install_command() == 'pip install "painting-nets"'


def test_what_is_not_installed_at_all_is_named_as_in_the_index(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", missing)
    assert install_command("redis") == 'pip install "painting-nets[redis]"'


@pytest.mark.parametrize(("extra", "name"), [("train", "training"), ("clip", "clip")])
def test_a_missing_extra_says_how_to_install_it(extra: str, name: str) -> None:
    assert str(MissingExtra("evaluate", extra)) == f"evaluate needs the {name} extra: {install_command(extra)}"
    assert (MissingExtra.exit_code, MissingExtra.http_status) == (2, 400)


HINT_PATTERN = re.compile(r"""pip install[^\n`;#]*?(?<![\w/.-])(painting(?!-nets)(?:\[\w+\])?)(?![\w/.-])""")
TEXTS = [
    path
    for folder, pattern in [("src", "*.py"), ("docs", "*.md"), ("notebooks", "*.ipynb"), (".", "*.md"), ("deploy", "*")]
    for path in (ROOT.glob(pattern) if folder == "." else (ROOT / folder).rglob(pattern))
    if path.is_file()
]


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_text_installs_the_index_s_other_project(path: Path) -> None:
    assert not HINT_PATTERN.findall(path.read_text(encoding="utf-8"))


def test_the_other_project_s_name_would_be_found() -> None:
    for hint in ("pip install 'painting[train]'", "pip install painting", 'pip install -U "painting"'):
        assert HINT_PATTERN.search(hint)
    for hint in (f"pip install {DISTRIBUTION_NAME}", 'pip install ".[train]"', "pip install ./painting"):
        assert not HINT_PATTERN.search(hint)
