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
