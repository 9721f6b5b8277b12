from pathlib import Path

from painting.training.run.json_lines import JsonLinesLog


def line(stage: int, step: int) -> dict[str, int]:
    return {"stage_index": stage, "step": step}


def test_lines_are_read_in_the_order_written_and_half_a_line_is_passed_over(tmp_path: Path) -> None:
    lines = JsonLinesLog(tmp_path / "lines.jsonl")
    assert lines.read() == []
    for place in ((0, 4), (0, 8), (1, 4)):
        lines.add(line(*place))
    with lines.path.open("a") as file:
        file.write('{"stage": 1, "st')
    assert lines.read() == [line(0, 4), line(0, 8), line(1, 4)]


def test_what_will_be_done_again_is_forgotten(tmp_path: Path) -> None:
    lines = JsonLinesLog(tmp_path / "lines.jsonl")
    for place in ((0, 4), (0, 8), (1, 4)):
        lines.add(line(*place))
    lines.truncate_after(0, 8)
    assert lines.read() == [line(0, 4), line(0, 8)]
    lines.truncate_after(1, 0)
    assert lines.read() == [line(0, 4), line(0, 8)]


def test_nothing_is_written_where_nothing_was(tmp_path: Path) -> None:
    JsonLinesLog(tmp_path / "lines.jsonl").truncate_after(0, 0)
    assert list(tmp_path.iterdir()) == []
