from types import SimpleNamespace

from lambda_functions.allocate import handler


def test_the_function_answers_allocations_and_stock(order):
    answer = handler({'orders': [order('A', quantity=3)], 'stock': {'tea': 2}}, SimpleNamespace(function_version='1'))
    assert answer == {'allocations': [{'order': 'A', 'sku': 'tea', 'allocated': 2, 'backordered': 1}], 'stock': {'tea': 0}}
