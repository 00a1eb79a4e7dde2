"""Allocates stock to orders."""
from .orders import RANKS


def allocate(orders, stock):
    """Serves the orders by rank, then by time, as far as the stock goes.

    A line that may be partial takes what is left; any other line takes all that it wants or nothing.
    Answers what each line got, and the stock that is left.
    """
    left = dict(stock)
    allocations = [serve(order, line, left) for order in sorted(orders, key=precedence) for line in order.lines]
    return allocations, left


def precedence(order):
    """Orders with a lower value come first."""
    return RANKS.index(order.rank), order.ordered_at, order.id


def serve(order, line, left):
    """Takes what a line gets out of the stock that is left."""
    available = left.get(line.sku, 0)
    allocated = min(line.quantity, available) if line.partial or available >= line.quantity else 0
    left[line.sku] = available - allocated
    return {'order': order.id, 'sku': line.sku, 'allocated': allocated, 'backordered': line.quantity - allocated}
