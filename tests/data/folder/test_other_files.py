import pytest

from painting.data.folder.other_files import other_file_issue


@pytest.mark.parametrize(
    ("name", "kind", "cure"),
    [
        ("a.HEIC", "unsupported format", "save it as JPEG or PNG"),
        ("captions.csv", "other table", "save it as metadata.csv"),
        ("data.parquet", "other table", "save it as metadata.csv"),
        ("flowers.zip", "archive", "unpack it"),
        ("a.mp4", "video", "save pictures of it"),
        ("README", "other file", "is neither a picture nor a caption file"),
    ],
)
def test_each_sort_of_file_is_named_with_its_cure(name: str, kind: str, cure: str) -> None:
    issue = other_file_issue(name, has_metadata=False)
    assert (issue.kind, issue.unused_files) == (kind, 1)
    assert cure in str(issue)
    assert issue.skipped == (kind == "unsupported format")


def test_a_second_table_is_no_news_beside_metadata() -> None:
    assert other_file_issue("figures.csv", has_metadata=True).kind == "other file"
