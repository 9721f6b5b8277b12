"""Preset files are read without PyTorch; the values of each key are checked in test_preset_loader.py."""

import subprocess
import sys
from pathlib import Path

import pytest

from painting.errors import TrainingError
from painting.training.config.preset_files import data_preset, preset_names, preset_values


@pytest.mark.parametrize("name", preset_names())
def test_the_pictures_of_each_preset_are_known_without_pytorch(name: str) -> None:
    assert data_preset(name).size == preset_values(name)["data"]["size"]
    assert preset_values(name)["name"] == name


def test_no_pytorch_is_imported() -> None:
    code = "import sys, painting.training.config.preset_files as files; files.data_preset('small')"
    code += "; print('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("name = 'mine'", "preset.data must be a table"),
        ("[data]\nsource = 'folder'\nviews = 1\nflip = true", "preset.data lacks the key 'size'"),
        ("[data]\nsource = 'folder'\nsize = '64'\nviews = 1\nflip = true", "preset.data.size must be of type int"),
        ("[data", "is not valid TOML"),
        ("extends = 'smal'", "preset.extends must be one of .*small.*, not 'smal'"),
        ("extends = ['small']", r"preset.extends must be one of .*, not \['small'\]"),
        ("extends = 'small'\n[data]\nsize = '64'", "preset.data.size must be of type int"),
    ],
)
def test_a_table_of_pictures_that_is_wrong_is_named(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "mine.toml").write_text(content)
    with pytest.raises(TrainingError, match=message):
        data_preset(str(tmp_path / "mine.toml"))


def test_a_preset_that_extends_another_has_its_values_but_for_its_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("extends = 'small'\nname = 'mine'\n[finetuning]\nkimg = 80.0\n")
    base = preset_values("small")
    base["finetuning"] |= {"kimg": 80.0}
    assert preset_values(str(path)) == base | {"name": "mine"}
