"""What `import painting` offers."""

import pytest

import painting


def test_the_public_names_are_there() -> None:
    assert painting.Painter.__name__ == "Painter"
    assert painting.Paintings.__name__ == "Paintings"
    assert painting.__version__[0].isdigit()


def test_other_names_are_not() -> None:
    with pytest.raises(AttributeError, match="no attribute 'paintbrush'"):
        painting.paintbrush  # noqa: B018
