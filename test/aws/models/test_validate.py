"""The comparison finds what is wrong: run by `npx projen test:models` before the recordings."""
import base64
import collections
import json
import unittest

import validate


def problems(service, operation, body, answer, status=200, error=None):
    """The findings of one call in AWS's JSON protocol."""
    encoded = lambda value: base64.b64encode(json.dumps(value).encode()).decode()
    recorded = {
        'service': service, 'method': 'POST', 'path': '/', 'query': '', 'body': encoded(body),
        'headers': {'x-amz-target': f'Any.{operation}', 'content-type': 'application/x-amz-json-1.1'},
        'answer': {'status': status, 'headers': {'x-amzn-errortype': error} if error else {}, 'body': encoded(answer)},
    }
    return found(recorded)


def found(recorded):
    findings = validate.Findings()
    validate.check(recorded, findings, {'requests': 0, 'answers': 0, 'operations': set()})
    return sorted(findings.counts)


class ValidateTest(unittest.TestCase):
    def test_accepts_what_the_model_has(self):
        self.assertEqual([], problems('ssm', 'GetParameter', {'Name': 'a'}, {'Parameter': {'Name': 'a', 'Version': 1}}))

    def test_finds_a_value_outside_its_enumeration(self):
        answer = {'deploymentTargets': [{'deploymentTargetType': 'LambdaFunction'}]}
        [problem] = problems('codedeploy', 'BatchGetDeploymentTargets', {'deploymentId': 'd', 'targetIds': ['t']}, answer)
        self.assertIn('deploymentTargetType is none of InstanceTarget, LambdaTarget', problem)

    def test_finds_a_wrong_type(self):
        details = [{'input': {'configuration': {'PollForSourceChanges': False}}}]
        [problem] = problems('codepipeline', 'ListActionExecutions', {'pipelineName': 'p'}, {'actionExecutionDetails': details})
        self.assertIn('configuration[] must be a string', problem)

    def test_finds_an_unknown_member_an_absent_one_and_a_wrong_length(self):
        request = {'jobId': 'a', 'failureDetails': {'type': 'JobFailed', 'message': '', 'reason': 'x'}}
        texts = problems('codepipeline', 'PutJobFailureResult', request, {})
        self.assertEqual(3, len(texts), texts)
        [problem] = problems('ssm', 'GetParameter', {}, {})
        self.assertIn('input.Name is required and absent', problem)

    def test_finds_an_error_that_the_operation_does_not_have(self):
        [problem] = problems('ssm', 'GetParameter', {'Name': 'a'}, {}, 400, 'NoSuchParameter')
        self.assertIn('error NoSuchParameter is not in the model', problem)

    def test_finds_a_wrong_status_of_a_rest_service(self):
        recorded = {
            'service': 'lambda', 'method': 'POST', 'path': '/2015-03-31/functions/f/versions', 'query': '', 'headers': {},
            'body': '', 'answer': {'status': 200, 'headers': {}, 'body': base64.b64encode(b'{}').decode()},
        }
        self.assertEqual(['lambda PublishVersion, answer: status 200 instead of 201'], found(recorded))

    def test_finds_a_request_of_no_operation(self):
        recorded = {'service': 'lambda', 'method': 'GET', 'path': '/nowhere', 'query': '', 'headers': {}, 'body': ''}
        self.assertEqual(['lambda: no operation has this request'], found(recorded))


if __name__ == '__main__':
    unittest.main()
