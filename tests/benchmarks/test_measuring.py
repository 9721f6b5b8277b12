"""What the benchmarks share: turns are taken, middles and ratios are right, and parts add up."""

from unittest.mock import Mock

import pytest
from benchmarks.measuring import Clock, ratios, spread, take_turns


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """What the clock on the wall shows, call by call."""
    shown = Mock()
    monkeypatch.setattr("benchmarks.measuring.time.perf_counter", shown)
    return shown


def test_sides_take_turns_and_the_first_rounds_do_not_count() -> None:
    order: list[tuple[str, int]] = []

    def side(name: str, number: int) -> int:
        order.append((name, number))
        return number

    ours, theirs = take_turns([lambda number: side("ours", number), lambda number: side("theirs", number)], 2, 3)
    assert order[:4] == [("ours", 0), ("theirs", 0), ("ours", 1), ("theirs", 1)]
    assert ours == theirs == [3, 4]


def test_ratios_pair_what_was_measured_in_the_same_round() -> None:
    found = ratios(theirs=[10.0, 40.0, 90.0], ours=[10.0, 20.0, 30.0])
    assert (found.median, found.quarter, found.three_quarters) == (2, 1.5, 2.5)


def test_a_spread_is_median_and_quartiles() -> None:
    found = spread([5.0, 1.0, 2.0, 4.0, 3.0])
    assert (found.quarter, found.median, found.three_quarters) == (2, 3, 4)


def test_a_part_inside_a_part_counts_for_itself_and_what_no_part_took_is_the_rest(hands: Mock) -> None:
    clock = Clock()

    def work() -> None:
        with clock.part("outer"), clock.part("inner"):
            pass
        with clock.part("inner"):
            pass

    # the lap begins; outer and inner begin and end; inner again; the lap ends
    hands.side_effect = [0, 1, 3, 7, 8, 10, 15, 20]
    lap = clock.lap(work)
    assert lap.seconds == 20
    assert lap.parts == {"inner": 4 + 5, "outer": 3, "rest": 8}


def test_each_lap_starts_from_nothing(hands: Mock) -> None:
    clock = Clock()
    hands.side_effect = range(8)
    with clock.part("before"):
        pass
    assert clock.lap(lambda: None).parts == {"rest": 1}


def test_a_watched_method_still_does_its_work(hands: Mock) -> None:
    clock, owner = Clock(), Mock()
    owner.double = lambda number: 2 * number
    clock.watch(owner, "double", "doubling")
    hands.side_effect = [0, 10, 30, 31]
    results = []
    lap = clock.lap(lambda: results.append(owner.double(21)))
    assert results == [42]
    assert lap.parts["doubling"] == 20


def test_a_part_that_fails_is_closed(hands: Mock) -> None:
    clock = Clock()

    def work() -> None:
        with pytest.raises(ZeroDivisionError), clock.part("failing"):
            raise ZeroDivisionError
        with clock.part("next"):
            pass

    hands.side_effect = [0, 1, 3, 4, 9, 10]
    assert clock.lap(work).parts == {"failing": 2, "next": 5, "rest": 3}
