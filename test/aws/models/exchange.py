"""Reads requests and answers from HTTP, by the protocol of their service."""
import base64
import functools
import json
import re
import xml.etree.ElementTree as ElementTree
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote

import botocore.loaders

from shapes import Problem, Shapes

# The name that requests are signed for, where it is not the model's.
MODELS = {'monitoring': 'cloudwatch'}
# Headers of any request: of the protocol, the signature or the checksum.
ANY_HEADER = re.compile(r'x-amz-(date|target|security-token|user-agent|content-sha256|checksum-.*|sdk-.*|decoded-.*|trailer)'
                        r'|x-amzn-(query-mode|errortype|requestid|trace-id)')


class Service:
    def __init__(self, name):
        self.name = name
        self.model = botocore.loaders.Loader().load_service_model(name, 'service-2')
        self.shapes = Shapes(self.model)
        self.operations = self.model['operations']


class Call(NamedTuple):
    service: Service
    operation: dict
    protocol: str
    # The members in the body, and those elsewhere as (member, text).
    body: Any
    outside: list
    unknown: list


@functools.lru_cache
def service(name):
    return Service(MODELS.get(name, name))


def read_request(recorded):
    """The call that a request means; None if no operation of the service has such a request."""
    model = service(recorded['service'])
    headers = {name.lower(): value for name, value in recorded['headers'].items()}
    body = base64.b64decode(recorded['body'])
    if headers.get('smithy-protocol') == 'rpc-v2-cbor':
        return cbor_call(model, recorded['path'], body)
    if 'x-amz-target' in headers:
        operation = model.operations.get(headers['x-amz-target'].split('.')[-1])
        return operation and Call(model, operation, 'json', json.loads(body or b'{}'), [], [])
    if headers.get('content-type', '').startswith('application/x-www-form-urlencoded'):
        return query_call(model, dict(parse_qsl(body.decode(), keep_blank_values=True)))
    return rest_call(model, recorded, headers, body)


def cbor_call(model, path, body):
    import cbor2

    operation = model.operations.get(path.split('/')[-1])
    return operation and Call(model, operation, 'cbor', cbor2.loads(body) if body else {}, [], [])


def query_call(model, form):
    operation = model.operations.get(form.pop('Action', ''))
    form.pop('Version', None)
    if operation is None:
        return None
    unknown = []
    value = from_form(model.shapes, operation.get('input'), form, unknown)
    return Call(model, operation, 'query', value, [], unknown)


def from_form(shapes, reference, form, unknown):
    """A value from keys such as `Parameters.member.1.ParameterKey`."""
    shape = shapes[reference['shape']]
    groups = {}
    for key, text in form.items():
        first, _, rest = key.partition('.')
        groups.setdefault(first, {})[rest] = text
    if shape['type'] == 'structure':
        known = {member.get('locationName', name): member for name, member in shape['members'].items()}
        unknown += [f'{key} is not in the model' for key in groups if key not in known]
        return {key: from_form(shapes, known[key], part, unknown) for key, part in groups.items() if key in known}
    if shape['type'] == 'list':
        if form == {'': ''}:
            return []
        items = groups.get('member', {})
        numbers = {}
        for key, text in items.items():
            first, _, rest = key.partition('.')
            numbers.setdefault(int(first), {})[rest] = text
        return [from_form(shapes, shape['member'], numbers[number], unknown) for number in sorted(numbers)]
    if shape['type'] == 'map':
        raise ValueError('no rehearsed operation has a map in a form')
    return scalar(shape, form[''])


def scalar(shape, text):
    """A value from the text of a form, a header, a path or an element."""
    try:
        if shape['type'] in ('integer', 'long'):
            return int(text)
        if shape['type'] in ('double', 'float'):
            return float(text)
    except ValueError:
        return text
    if shape['type'] == 'boolean':
        return {'true': True, 'false': False}.get(text, text)
    return text


def rest_call(model, recorded, headers, body):
    candidates = []
    for operation in model.operations.values():
        found = rest_candidate(model, operation, recorded, headers)
        if found:
            candidates.append(found)
    if not candidates:
        return None
    # The operation that explains most of the path, the query, and the headers.
    _, operation, outside, unknown = max(candidates, key=lambda candidate: candidate[0])
    payload = model.shapes[operation['input']['shape']].get('payload') if 'input' in operation else None
    if payload or not body:
        value = {}
    else:
        value = json.loads(body)
    return Call(model, operation, model.model['metadata']['protocol'], value, outside, unknown)


def rest_candidate(model, operation, recorded, headers):
    http = operation['http']
    template, _, fixed = http['requestUri'].partition('?')
    if http['method'] != recorded['method']:
        return None
    pattern = re.sub(r'\\\{(\w+)\\\}', r'(?P<\1>[^/]+)', re.escape(template).replace(r'\+', '+').replace('+\\}', '\\}@'))
    pattern = pattern.replace('[^/]+)@', '.+)')
    match = re.fullmatch(pattern, recorded['path'].rstrip('/') or '/')
    if not match:
        return None
    query = dict(parse_qsl(recorded['query'], keep_blank_values=True))
    constants = dict(parse_qsl(fixed, keep_blank_values=True))
    constants.pop('x-id', None)
    query.pop('x-id', None)
    if any(query.get(key) != value for key, value in constants.items()):
        return None
    shape = model.shapes[operation['input']['shape']] if 'input' in operation else {'members': {}}
    return bind(shape, operation, match.groupdict(), {k: v for k, v in query.items() if k not in constants}, headers,
                len(constants))


def bind(shape, operation, uri, query, headers, constants):
    outside, missing = [], False
    names = {'uri': uri, 'querystring': query, 'header': headers}
    bound = {'querystring': set(), 'header': set()}
    for name, member in shape['members'].items():
        location = member.get('location')
        if location == 'headers':
            bound['header'] |= {header for header in headers if header.startswith(member['locationName'].lower())}
        if location not in names:
            continue
        key = member['locationName'].lower() if location == 'header' else member['locationName']
        if key in names[location]:
            bound.get(location, set()).add(key)
            text = names[location][key]
            outside.append((name, member, unquote(text) if location == 'uri' else text))
        elif name in shape.get('required', []):
            missing = True
    if missing:
        return None
    unknown = [f'query {key} is not in the model' for key in query if key not in bound['querystring']]
    unknown += [f'header {key} is not in the model' for key in headers
                if key.startswith('x-amz') and key not in bound['header'] and not ANY_HEADER.fullmatch(key)]
    return (constants * 10 + len(outside) - 5 * len(unknown), operation, outside, unknown)


def problems_of_request(call):
    problems = [Problem(text, '') for text in call.unknown]
    if 'input' not in call.operation:
        return problems
    shapes, shape = call.service.shapes, call.service.shapes[call.operation['input']['shape']]
    for name, member, text in call.outside:
        problems += shapes.problems(member, scalar(shapes[member['shape']], text), name, 'rfc822')
    inside = {name for name, member in shape['members'].items() if 'location' not in member}
    body = {**shape, 'members': {name: shape['members'][name] for name in inside},
            'required': [name for name in shape.get('required', []) if name in inside]}
    if 'payload' not in shape:
        problems += shapes._structure(body, call.body, 'input', timestamps_of(call))
    return problems


def timestamps_of(call):
    return 'iso8601' if call.protocol == 'query' else 'number'


def text_of(answer):
    return base64.b64decode(answer['body']).decode(errors='replace')[:300]


def error_code(call, answer):
    """The code of an answer that is an error."""
    if answer['status'] < 400:
        return None
    text = base64.b64decode(answer['body'])
    if call.protocol in ('query', 'rest-xml'):
        found = re.search(r'<Code>(.*?)</Code>', text.decode())
        return found.group(1) if found else f"status {answer['status']} without a code"
    if call.protocol == 'cbor':
        import cbor2

        return cbor2.loads(text)['__type'].split('#')[-1]
    kind = answer['headers'].get('x-amzn-errortype') or json.loads(text).get('__type', '')
    return kind.split('#')[-1].split(':')[0]


def error_statuses(call, code):
    """The statuses that the model gives an error of the operation; None if the operation has no such error."""
    for reference in call.operation.get('errors', []):
        error = call.service.shapes[reference['shape']].get('error', {})
        if code in (reference['shape'], error.get('code')):
            return {error.get('httpStatusCode', 400)} if call.protocol != 'json' else {400, error.get('httpStatusCode', 400)}
    return None


def problems_of_answer(call, answer):
    expected = call.operation['http'].get('responseCode', 200)
    # Invoke has a member for the status
    status_member = [m for m in output_members(call).values() if m.get('location') == 'statusCode']
    problems = []
    if answer['status'] != expected and not status_member:
        problems.append(Problem(f"status {answer['status']} instead of {expected}", ''))
    if 'output' not in call.operation:
        return problems
    shapes, shape = call.service.shapes, call.service.shapes[call.operation['output']['shape']]
    problems += problems_of_headers(call, answer)
    inside = {name: member for name, member in shape['members'].items() if 'location' not in member}
    body = {**shape, 'members': inside, 'required': [name for name in shape.get('required', []) if name in inside]}
    if 'payload' not in shape:
        unknown = []
        value = value_of_answer(call, answer, unknown)
        problems += [Problem(text, text_of(answer)) for text in unknown]
        problems += shapes._structure(body, value, 'output', timestamps_of(call))
    return problems


def output_members(call):
    return call.service.shapes[call.operation['output']['shape']]['members'] if 'output' in call.operation else {}


def problems_of_headers(call, answer):
    members = output_members(call)
    named = {m['locationName'].lower(): (n, m) for n, m in members.items() if m.get('location') == 'header'}
    prefixes = [m['locationName'].lower() for m in members.values() if m.get('location') == 'headers']
    for name, text in answer['headers'].items():
        if name in named:
            member, reference = named[name]
            shapes = call.service.shapes
            yield from shapes.problems(reference, scalar(shapes[reference['shape']], text), member, 'rfc822')
        elif name.startswith('x-amz') and not ANY_HEADER.fullmatch(name) and not any(map(name.startswith, prefixes)):
            yield Problem(f'header {name} is not in the model', text)


def value_of_answer(call, answer, unknown):
    data = base64.b64decode(answer['body'])
    if call.protocol == 'query':
        root = ElementTree.fromstring(data)
        wrapper = call.operation['output'].get('resultWrapper')
        result = root.find(wrapper) if wrapper else root
        if result is None:
            unknown.append(f'the answer has no {wrapper}')
            return {}
        return from_xml(call.service.shapes, call.operation['output'], result, unknown)
    if call.protocol == 'cbor':
        import cbor2

        return cbor2.loads(data) if data else {}
    return json.loads(data) if data else {}


def from_xml(shapes, reference, element, unknown):
    shape = shapes[reference['shape']]
    if shape['type'] == 'structure':
        known = {member.get('locationName', name): member for name, member in shape['members'].items()}
        unknown += [f'{part.tag} of {reference["shape"]} is not in the model' for part in element if part.tag not in known]
        return {part.tag: from_xml(shapes, known[part.tag], part, unknown) for part in element if part.tag in known}
    if shape['type'] == 'list':
        unknown += [f'{part.tag} in a list must be member' for part in element if part.tag != 'member']
        return [from_xml(shapes, shape['member'], part, unknown) for part in element]
    return scalar(shape, element.text or '')
