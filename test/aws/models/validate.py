"""Compares recorded requests and answers with AWS's service models, as botocore has them.

Usage: python validate.py FOLDER

The folder holds JSON lines, written by rehearsal/account/recording.ts and record-requests.ts. Everything is read from
HTTP: which operation a request means, its members, and the members of the answer. A finding is an unknown member, an
absent required one, a wrong type, a value outside its enumeration, length, range or pattern, a wrong status, or an
error that the operation does not have.
"""
import collections
import json
import pathlib
import sys

import exchange
from shapes import Problem

# Errors of every operation, which the models do not list:
# https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html and its siblings.
COMMON_ERRORS = {
    'AccessDeniedException': {400, 403},
    'AccessDenied': {403},
    'UnrecognizedClientException': {400, 403},
    'ThrottlingException': {400},
    'ValidationException': {400},
    'ValidationError': {400},
    'InternalFailure': {500},
    'ServiceUnavailable': {503},
}
# https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
S3_ERRORS = {'NoSuchBucket': {404}, 'NoSuchKey': {404}, 'NoSuchVersion': {404}, 'SlowDown': {503}}
# The stand-in refuses what it does not rehearse with this error, which is not AWS's.
OURS = 'NotRehearsed'


class Findings:
    def __init__(self):
        self.examples = {}
        self.counts = collections.Counter()

    def add(self, key, example):
        self.counts[key] += 1
        self.examples.setdefault(key, example)

    def print(self):
        for key, count in sorted(self.counts.items()):
            print(f'{key} ({count} times), for example {self.examples[key]}')


def check(recorded, findings, counts):
    """Compares one exchange with its model."""
    call = exchange.read_request(recorded)
    if call is None:
        findings.add(f"{recorded['service']}: no operation has this request",
                     f"{recorded['method']} {recorded['path']}?{recorded['query']}")
        return
    where = f'{call.service.name} {call.operation["name"]}'
    answer = recorded.get('answer')
    code = exchange.error_code(call, answer) if answer else None
    if code == OURS:
        return
    counts['requests'] += 1
    counts['operations'].add(where)
    # Tests of the stand-in make invalid requests, which it refuses
    problems = [('request', problem) for problem in exchange.problems_of_request(call)] if code is None else []
    if answer:
        counts['answers'] += 1
        found = problems_of_error(call, code, answer) if code else exchange.problems_of_answer(call, answer)
        problems += [('answer', problem) for problem in found]
    for kind, problem in problems:
        findings.add(f'{where}, {kind}: {problem.text}', problem.example)


def problems_of_error(call, code, answer):
    statuses = exchange.error_statuses(call, code) or COMMON_ERRORS.get(code)
    if statuses is None and call.service.name == 's3':
        statuses = S3_ERRORS.get(code)
    if statuses is None:
        return [Problem(f'error {code} is not in the model', exchange.text_of(answer))]
    if answer['status'] not in statuses:
        return [Problem(f"error {code} has status {answer['status']} instead of {sorted(statuses)}", '')]
    return []


def main(folder):
    findings = Findings()
    counts = {'requests': 0, 'answers': 0, 'operations': set()}
    for file in sorted(pathlib.Path(folder).glob('*.jsonl')):
        for line in file.read_text().splitlines():
            check(json.loads(line), findings, counts)
    findings.print()
    print(f"{counts['requests']} requests and {counts['answers']} answers of {len(counts['operations'])} operations "
          f'compared with the service models: {len(findings.counts)} findings')
    if counts['requests'] == 0:
        print('nothing was recorded')
    return 1 if findings.counts or counts['requests'] == 0 else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
