from pathlib import PurePath

import pytest

from painting.data import issues
from painting.data.issues import Issue, count_kinds, printable


def test_an_issue_is_one_sentence() -> None:
    issue = Issue("a.jpg", "truncated", "is truncated", "it is skipped")
    assert str(issue) == "a.jpg: is truncated; it is skipped"


def test_odd_file_names_can_be_printed() -> None:
    assert printable("r\udce9d\n\x1b.jpg").isprintable()
    assert printable("rosé 玫瑰.jpg") == "rosé 玫瑰.jpg"


def test_kinds_are_counted_most_frequent_first() -> None:
    issues = [Issue("x", kind, "", "") for kind in ("rare", "often", "often")]
    assert list(count_kinds(issues).items()) == [("often", 2), ("rare", 1)]


def test_an_issue_of_the_whole_folder_says_so() -> None:
    assert str(Issue("", "class folders", "has no captions", "write some")) == "the folder: has no captions; write some"


@pytest.mark.parametrize(
    ("system", "path", "quoted"),
    [
        ("posix", "my-flowers", "my-flowers"),
        ("posix", "my flowers", "'my flowers'"),
        ("nt", r"C:\my flowers\train", r'"C:\my flowers\train"'),
    ],
)
def test_a_path_is_quoted_for_the_system_s_shell(
    system: str, path: str, quoted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pure = PurePath(path)  # before the system is another
    monkeypatch.setattr("painting.data.issues.os.name", system)
    assert issues.quote_path(pure) == quoted  # type: ignore[arg-type]
