"""Compares a value with a shape of a service model."""
import base64
import binascii
import re
from typing import NamedTuple


class Problem(NamedTuple):
    text: str
    example: str


class Shapes:
    """The shapes of one service; `timestamps` are those of the protocol: 'number' or 'text'."""

    def __init__(self, model):
        self.shapes = model['shapes']
        self.unreadable_patterns = 0

    def __getitem__(self, name):
        return self.shapes[name]

    def problems(self, reference, value, path, timestamps='number'):
        """Everything that is wrong with a value; `reference` is a member: a shape's name and what the member adds."""
        shape = {**self.shapes[reference['shape']], **{k: v for k, v in reference.items() if k != 'documentation'}}
        check = getattr(self, '_' + shape['type'], None)
        if check is None:
            raise ValueError(f"unknown type {shape['type']}")
        return list(check(shape, value, path, timestamps))

    def _structure(self, shape, value, path, timestamps):
        if not isinstance(value, dict):
            yield wrong_type(path, 'a structure', value)
            return
        names = {member.get('locationName', name): member for name, member in shape['members'].items()}
        required = [shape['members'][name].get('locationName', name) for name in shape.get('required', [])]
        for name in required:
            if name not in value:
                yield Problem(f'{path}.{name} is required and absent', str(value)[:200])
        if shape.get('union') and len(value) != 1:
            yield Problem(f'{path} is a union and has {len(value)} members', str(value)[:200])
        for name, part in value.items():
            if name not in names:
                yield Problem(f'{path}.{name} is not in the model', str(part)[:200])
                continue
            yield from self.problems(names[name], part, f'{path}.{name}', timestamps)

    def _list(self, shape, value, path, timestamps):
        if not isinstance(value, list):
            yield wrong_type(path, 'a list', value)
            return
        yield from in_range(shape, len(value), f'{path} has a wrong number of items', value)
        for part in value:
            yield from self.problems(shape['member'], part, f'{path}[]', timestamps)

    def _map(self, shape, value, path, timestamps):
        if not isinstance(value, dict):
            yield wrong_type(path, 'a map', value)
            return
        yield from in_range(shape, len(value), f'{path} has a wrong number of entries', value)
        for key, part in value.items():
            yield from self.problems(shape['key'], key, f'{path}.key', timestamps)
            yield from self.problems(shape['value'], part, f'{path}[]', timestamps)

    def _string(self, shape, value, path, _):
        if not isinstance(value, str):
            yield wrong_type(path, 'a string', value)
            return
        if 'enum' in shape and value not in shape['enum']:
            yield Problem(f'{path} is none of {", ".join(shape["enum"][:8])}', value)
        yield from in_range(shape, len(value), f'{path} has a wrong length', value)
        if 'pattern' in shape and not self._matches(shape['pattern'], value):
            yield Problem(f'{path} does not match {shape["pattern"]}', value)

    def _matches(self, pattern, value):
        try:
            return re.search(f'^(?:{pattern})$', value, re.DOTALL) is not None
        except re.error:  # Java's dialect
            self.unreadable_patterns += 1
            return True

    def _integer(self, shape, value, path, _):
        if isinstance(value, bool) or not isinstance(value, int):
            yield wrong_type(path, 'an integer', value)
            return
        yield from in_range(shape, value, f'{path} is out of range', value)

    _long = _integer

    def _double(self, shape, value, path, _):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            yield wrong_type(path, 'a number', value)
            return
        yield from in_range(shape, value, f'{path} is out of range', value)

    _float = _double

    def _boolean(self, shape, value, path, _):
        if not isinstance(value, bool):
            yield wrong_type(path, 'a boolean', value)

    def _timestamp(self, shape, value, path, timestamps):
        texts = {
            'iso8601': r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z',
            'rfc822': r'\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT',
        }
        form = shape.get('timestampFormat', timestamps)
        if form in texts:
            if not isinstance(value, str) or not re.fullmatch(texts[form], value):
                yield wrong_type(path, f'a time as {form}', value)
        elif isinstance(value, bool) or not isinstance(value, (int, float)):
            yield wrong_type(path, 'a time as a number', value)
        elif value > 1e11:
            yield Problem(f'{path} is a time in seconds', str(value))

    def _blob(self, shape, value, path, _):
        if isinstance(value, bytes):
            yield from in_range(shape, len(value), f'{path} has a wrong length', '(bytes)')
            return
        try:
            base64.b64decode(value, validate=True)
        except (binascii.Error, TypeError, ValueError):
            yield wrong_type(path, 'base64', value)


def in_range(shape, number, text, value):
    low, high = shape.get('min'), shape.get('max')
    if (low is not None and number < low) or (high is not None and number > high):
        yield Problem(f'{text} ({low} to {high})', str(value)[:200])


def wrong_type(path, expected, value):
    return Problem(f'{path} must be {expected}', repr(value)[:200])
