"""The Lambda function: allocates the stock of an event to its orders."""
import json

from .allocation import allocate
from .orders import read_order


def handler(event, context):
    """Answers what each order line got, and the stock that is left."""
    orders = [read_order(order) for order in event['orders']]
    allocations, left = allocate(orders, event['stock'])
    backordered = sum(allocation['backordered'] for allocation in allocations)
    print(json.dumps({'orders': len(orders), 'backordered': backordered, 'version': context.function_version}))
    return {'allocations': allocations, 'stock': left}
