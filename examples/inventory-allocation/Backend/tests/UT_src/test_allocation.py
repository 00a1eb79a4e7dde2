from lambda_functions.allocation import allocate
from lambda_functions.orders import read_order


def served(orders, stock):
    allocations, left = allocate([read_order(order) for order in orders], stock)
    return [(allocation['order'], allocation['allocated'], allocation['backordered']) for allocation in allocations], left


def test_enough_stock_serves_all(order):
    assert served([order('A', quantity=2), order('B', quantity=3)], {'tea': 6}) == ([('A', 2, 0), ('B', 3, 0)], {'tea': 1})


def test_gold_comes_before_an_earlier_standard_order(order):
    orders = [order('early', ordered_at='2026-11-01', quantity=4), order('gold', rank='gold', ordered_at='2026-11-02', quantity=4)]
    assert served(orders, {'tea': 5})[0] == [('gold', 4, 0), ('early', 1, 3)]


def test_within_a_rank_the_earlier_order_comes_first(order):
    orders = [order('late', ordered_at='2026-11-02T08:00:00+09:00'), order('early', ordered_at='1 Nov 2026 22:00')]
    assert served(orders, {'tea': 1})[0] == [('early', 1, 0), ('late', 0, 1)]


def test_a_line_that_must_be_complete_takes_all_or_nothing(order):
    orders = [order('whole', rank='gold', quantity=5, partial=False), order('part', quantity=5)]
    assert served(orders, {'tea': 3}) == ([('whole', 0, 5), ('part', 3, 2)], {'tea': 0})


def test_a_product_without_stock_is_backordered(order):
    assert served([order('A', sku='coffee')], {'tea': 1})[0] == [('A', 0, 1)]
