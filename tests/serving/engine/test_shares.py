"""A client holds half of a budget at most, and what is larger alone is its only one."""

import numpy as np
import pytest

from painting.serving.engine.shares import Shares


def test_where_nothing_is_held_any_amount_fits() -> None:
    assert Shares(10).fit("one", 1000)


@pytest.mark.parametrize(("amount", "fits"), [(50, True), (51, True), (91, False)])
def test_a_client_that_holds_nothing_may_take_what_is_left(amount: int, fits: bool) -> None:
    shares = Shares(100)
    shares.add("another", 10)
    assert shares.fit("one", amount) is fits


def test_a_client_that_holds_something_may_have_half_in_all() -> None:
    shares = Shares(100)
    shares.add("one", 30)
    assert shares.fit("one", 20) and not shares.fit("one", 21)
    assert shares.fit("another", 70) and not shares.fit("another", 71)


@pytest.mark.parametrize("seed", range(20))
def test_no_order_of_requests_lets_one_client_shut_out_another(seed: int) -> None:
    draws = np.random.default_rng(seed)
    shares = Shares(1000)
    held: list[int] = []
    for _ in range(300):
        if held and draws.random() < 0.3:
            shares.remove("greedy", held.pop(int(draws.integers(len(held)))))
        amount = int(draws.integers(1, 501))  # one request fits in a client's half
        if shares.fit("greedy", amount):
            shares.add("greedy", amount)
            held.append(amount)
        assert shares.total == shares.of("greedy") == sum(held)
        assert shares.fit("modest", 500)


def test_clients_that_hold_nothing_are_forgotten() -> None:
    shares = Shares(10)
    for number in range(5):
        shares.add(str(number), 2)
        shares.remove(str(number), 2)
    assert not shares._held and shares.total == 0
