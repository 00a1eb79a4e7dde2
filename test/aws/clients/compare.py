"""Makes the same calls with boto3 on the stand-in and on moto, and compares the answers member by member.

Neither is AWS. Each difference is written down in differences.json with the side that AWS agrees with and the source;
an unknown difference is an error, and so is a listed difference that no longer exists.
"""
import json
import os
import pathlib
import re
import sys
import urllib.request

import boto3
import botocore.exceptions
from moto import mock_aws

import calls

UNSTABLE = [
    (re.compile(r'\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[\d.:+Z]*'), '<time>'),
    (re.compile(r'[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'), '<uuid>'),
    (re.compile(r'\bd-[A-Z0-9]{9}\b'), '<deployment>'),
]


def stable(value):
    if isinstance(value, dict):
        return {key: stable(part) for key, part in value.items()}
    if isinstance(value, list):
        return [stable(part) for part in value]
    if hasattr(value, 'read'):
        return value.read().decode()
    text = value if isinstance(value, (bool, int, float)) else str(value)
    for pattern, name in UNSTABLE if isinstance(text, str) else []:
        text = pattern.sub(name, text)
    return text


def run(clients, pause):
    answers = []
    for call in calls.CALLS:
        if call[0] == 'wait':
            pause()
            continue
        service, operation, arguments = call
        try:
            answer = getattr(clients(service), operation)(**arguments)
            status = answer.pop('ResponseMetadata')['HTTPStatusCode']
            answers.append({'status': status, **stable(answer)})
        except botocore.exceptions.ClientError as error:
            response = error.response
            answers.append({'status': response['ResponseMetadata']['HTTPStatusCode'],
                            'code': response['Error']['Code'], 'message': stable(response['Error']['Message'])})
    return answers


def differences(ours, theirs, path=''):
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in sorted({*ours, *theirs}):
            yield from differences(ours.get(key, 'absent'), theirs.get(key, 'absent'), f'{path}.{key}' if path else key)
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for index, pair in enumerate(zip(ours, theirs)):
            yield from differences(*pair, f'{path}[]')
    elif ours != theirs:
        yield path, ours, theirs


def later(seconds):
    """Lets the clock of the stand-in go on."""
    urllib.request.urlopen(f"{os.environ['CLOCK_URL']}/{seconds}").read()


def on_stand_in():
    # Not for moto, which would send its calls there too
    config = {'endpoint_url': os.environ.pop('AWS_ENDPOINT_URL'), 'region_name': calls.REGION}
    return run(lambda service: boto3.client(service, **config), lambda: later(5))


@mock_aws
def on_moto():
    set_up_moto()
    return run(lambda service: boto3.client(service, region_name=calls.REGION), lambda: None)


def set_up_moto():
    """What the stand-in has before the first call: clients.ts."""
    def client(service):
        return boto3.client(service, region_name=calls.REGION)
    for role, service in (('function-role', 'lambda'), ('deploy-role', 'codedeploy'), ('stack-role', 'cloudformation')):
        trust = {'Effect': 'Allow', 'Principal': {'Service': f'{service}.amazonaws.com'}, 'Action': 'sts:AssumeRole'}
        document = json.dumps({'Version': '2012-10-17', 'Statement': [trust]})
        client('iam').create_role(RoleName=role, AssumeRolePolicyDocument=document)
    client('s3').create_bucket(Bucket=calls.BUCKET)
    client('ssm').put_parameter(Name='/orders/configuration', Type='String', Value='{}')
    client('sns').create_topic(Name='notices')
    client('cloudwatch').put_metric_alarm(
        AlarmName='errors', Namespace='AWS/Lambda', MetricName='Errors', Period=60, EvaluationPeriods=1,
        Statistic='Sum', Threshold=1, ComparisonOperator='GreaterThanOrEqualToThreshold')
    client('codedeploy').create_application(applicationName='orders', computePlatform='Lambda')
    client('codedeploy').create_deployment_group(
        **calls.GROUP, serviceRoleArn=calls.DEPLOY_ROLE, deploymentConfigName='CodeDeployDefault.LambdaAllAtOnce',
        deploymentStyle={'deploymentType': 'BLUE_GREEN', 'deploymentOption': 'WITH_TRAFFIC_CONTROL'})


def main():
    made = [call for call in calls.CALLS if call[0] != 'wait']
    found = {}
    equal = 0
    for (service, operation, _), ours, theirs in zip(made, on_stand_in(), on_moto()):
        different = list(differences(ours, theirs))
        equal += not different
        for path, our, their in different:
            found.setdefault(f'{service} {operation} {path}', f'stand-in {our!r:.150}, moto {their!r:.150}')
    file = pathlib.Path(__file__).with_name('differences.json')
    known = json.loads(file.read_text()) if file.exists() else {}
    unknown = [f'{key}: {text}' for key, text in found.items() if key not in known]
    outdated = [key for key in known if key not in found]
    print('\n'.join([*(f'unknown difference: {text}' for text in unknown), *(f'gone: {key}' for key in outdated)]))
    print(f'{len(made)} calls on the stand-in and on moto: {equal} equal, {len(found)} differences, {len(unknown)} of them unknown')
    for side in ('stand-in', 'moto', 'unknown'):
        print(f"  AWS agrees with {side}: {sum(each['aws'] == side for each in known.values())}")
    return 1 if unknown or outdated else 0


if __name__ == '__main__':
    sys.exit(main())
