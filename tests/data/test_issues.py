from painting.data.issues import Problem, count_kinds, printable


def test_a_problem_is_one_sentence() -> None:
    problem = Problem("a.jpg", "truncated", "is truncated", "it is skipped")
    assert str(problem) == "a.jpg: is truncated; it is skipped"


def test_odd_file_names_can_be_printed() -> None:
    assert printable("r\udce9d\n\x1b.jpg").isprintable()
    assert printable("rosé 玫瑰.jpg") == "rosé 玫瑰.jpg"


def test_kinds_are_counted_most_frequent_first() -> None:
    problems = [Problem("x", kind, "", "") for kind in ("rare", "often", "often")]
    assert list(count_kinds(problems).items()) == [("often", 2), ("rare", 1)]
