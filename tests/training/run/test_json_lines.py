"""A log of lines gives back what is undamaged, in order, and is cut where a run resumes."""

from pathlib import Path

import pytest

from painting.training.run.json_lines import DamagedLinesWarning, JsonLinesLog


def position(stage: int, step: int) -> dict[str, int]:
    return {"stage_index": stage, "step": step}


def test_lines_are_read_in_the_order_written_and_half_a_line_is_passed_over(tmp_path: Path) -> None:
    lines = JsonLinesLog(tmp_path / "lines.jsonl")
    assert lines.read() == []
    for place in ((0, 4), (0, 8), (1, 4)):
        lines.add(position(*place))
    with lines.path.open("a") as file:
        file.write('{"stage": 1, "st')
    assert lines.read() == [position(0, 4), position(0, 8), position(1, 4)]


def test_what_will_be_done_again_is_forgotten(tmp_path: Path) -> None:
    lines = JsonLinesLog(tmp_path / "lines.jsonl")
    for place in ((0, 4), (0, 8), (1, 4)):
        lines.add(position(*place))
    lines.truncate_after(0, 8)
    assert lines.read() == [position(0, 4), position(0, 8)]
    lines.truncate_after(1, 0)
    assert lines.read() == [position(0, 4), position(0, 8)]


def test_nothing_is_written_where_nothing_was(tmp_path: Path) -> None:
    JsonLinesLog(tmp_path / "lines.jsonl").truncate_after(0, 0)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "line",
    [
        b"\xff\xfe\x00",
        bytes(40),
        b"[]",
        b'{"stage_index": 0, "step": 8}',
        b'{"stage_index": 0, "step": 6, "checksum": "0123456789abcdef"}',
        b'{"stage_index": 0, "st',
        b"",
    ],
)
def test_a_damaged_line_is_left_out_with_a_remark_and_gone_when_the_run_resumes(tmp_path: Path, line: bytes) -> None:
    lines = JsonLinesLog(tmp_path / "lines.jsonl")
    lines.add(position(0, 4))
    with lines.path.open("ab") as file:
        file.write(line + b"\n")
    lines.add(position(0, 8))
    with pytest.warns(DamagedLinesWarning, match=r"^1 of 3 lines of .*lines.jsonl are damaged and left out"):
        lines.truncate_after(0, 8)
    assert lines.read() == [position(0, 4), position(0, 8)]


def test_a_flipped_bit_in_a_number_is_noticed(tmp_path: Path) -> None:
    lines = JsonLinesLog(tmp_path / "lines.jsonl")
    lines.add(position(0, 4))
    lines.path.write_bytes(lines.path.read_bytes().replace(b'"step": 4', b'"step": 6'))
    with pytest.warns(DamagedLinesWarning):
        assert lines.read() == []
