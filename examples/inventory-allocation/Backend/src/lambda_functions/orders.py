"""Orders and stock as an event brings them."""
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import yaml
from dateutil import parser

RANKS = yaml.safe_load((Path(__file__).parent / 'policy.yml').read_text(encoding='utf-8'))['ranks']


@dataclass(frozen=True)
class Line:
    """One product of an order."""
    sku: str
    quantity: int
    partial: bool


@dataclass(frozen=True)
class Order:
    """A customer's order, and its time."""
    id: str
    rank: str
    ordered_at: datetime
    lines: tuple


def read_order(order):
    """Reads an order. Raises a ValueError that names the invalid value."""
    if order['rank'] not in RANKS:
        raise ValueError(f"order {order['id']} has the rank {order['rank']}; the policy knows {', '.join(RANKS)}")
    return Order(order['id'], order['rank'], read_time(order['orderedAt']), tuple(read_line(order['id'], line) for line in order['lines']))


def read_line(order_id, line):
    """Reads a line of an order."""
    if line['quantity'] <= 0:
        raise ValueError(f"order {order_id} wants {line['quantity']} of {line['sku']}; a quantity is at least 1")
    return Line(line['sku'], line['quantity'], line.get('partial', True))


def read_time(text):
    """Shops send their times in different forms; one without a zone is in UTC."""
    time = parser.parse(text)
    return time if time.tzinfo else time.replace(tzinfo=timezone.utc)
