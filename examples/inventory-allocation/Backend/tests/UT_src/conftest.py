import pytest


@pytest.fixture
def order():
    """Makes an order as an event brings it."""
    def make(name='A-1', rank='standard', ordered_at='2026-11-02T09:00:00Z', sku='tea', quantity=1, **line):
        return {'id': name, 'rank': rank, 'orderedAt': ordered_at, 'lines': [{'sku': sku, 'quantity': quantity, **line}]}
    return make
