from datetime import datetime, timezone

import pytest

from lambda_functions.orders import read_order, read_time


def test_a_time_without_zone_is_in_utc():
    assert read_time('2 November 2026 9:00') == datetime(2026, 11, 2, 9, tzinfo=timezone.utc)


def test_an_unknown_rank_is_refused(order):
    with pytest.raises(ValueError, match='order A-1 has the rank brass; the policy knows gold, silver, standard'):
        read_order(order(rank='brass'))


def test_a_quantity_of_zero_is_refused(order):
    with pytest.raises(ValueError, match='wants 0 of tea'):
        read_order(order(quantity=0))
