"""Writes what the rehearsal needs of CloudFormation's resource schemas, as cfn-lint has them (MIT-0).

Usage: python generate.py FILE TYPE...
       python generate.py --check FILE TYPE...
"""
import json
import pathlib
import sys

import cfnlint


def schemas():
    folder = pathlib.Path(cfnlint.__file__).parent / 'data' / 'schemas' / 'resources'
    for file in folder.glob('*.json'):
        schema = json.loads(file.read_text())
        yield schema['typeName'], schema


def names(pointers):
    """The names of top-level properties in JSON pointers."""
    return sorted(pointer.split('/')[2] for pointer in pointers if pointer.count('/') == 2)


def excerpt(schema):
    handlers = schema.get('handlers', {})
    read_only = names(schema.get('readOnlyProperties', []))
    identifier = [pointer.split('/')[-1] for pointer in schema['primaryIdentifier']]
    return {
        # A change of one of these replaces the resource
        'createOnly': names(schema.get('createOnlyProperties', [])),
        # The properties that a template can name the resource with
        'identifier': [name for name in identifier if name not in read_only],
        'create': sorted(handlers.get('create', {}).get('permissions', [])),
        'read': sorted(handlers.get('read', {}).get('permissions', [])),
        'delete': sorted(handlers.get('delete', {}).get('permissions', [])),
    }


def main(arguments):
    check = arguments[0] == '--check'
    file, *types = arguments[1:] if check else arguments
    found = {name: excerpt(schema) for name, schema in schemas() if name in types}
    missing = sorted({*types} - {*found})
    if missing:
        print(f'no schema: {", ".join(missing)}')
        return 1
    text = json.dumps(dict(sorted(found.items())), indent=2) + '\n'
    if not check:
        pathlib.Path(file).write_text(text)
    elif json.loads(pathlib.Path(file).read_text()) != json.loads(text):
        print(f'{file} is not what cfn-lint has: run `npx projen schemas`')
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
