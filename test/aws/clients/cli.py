"""Runs commands of the AWS CLI on the stand-in, after compare.py: those of our documents, and their like."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import calls
from compare import later

WORK = pathlib.Path(tempfile.mkdtemp())
APP_SPEC = json.dumps(calls.app_spec())
GROUP = '--application-name orders --deployment-group-name orders'


def aws(command, *more):
    """Runs a command; returns its exit code, and what it printed as JSON or as text."""
    done = subprocess.run(['aws', *command.split(), *more, '--output', 'json'], capture_output=True, text=True, cwd=WORK)
    text = done.stdout if done.returncode == 0 else done.stderr
    try:
        return done.returncode, json.loads(text)
    except ValueError:
        return done.returncode, text.strip()


failures = []


def expect(what, actual, expected):
    if actual != expected:
        failures.append(f'{what}: expected {expected!r}, got {actual!r:.600}')
    print(f'NOT OK: {failures[-1]}' if actual != expected else f'ok: {what}')


def value(command, query, *more):
    return aws(f'{command} --query {query}', *more)[1]


def main():
    alias = 'lambda update-alias --function-name orders --name live'
    expect('return to version 1', value(f'{alias} --function-version 1 --routing-config AdditionalVersionWeights={{}}',
                                        'FunctionVersion'), '1')
    expect('versions', value('lambda list-versions-by-function --function-name orders', 'Versions[].Version'),
           ['$LATEST', '1', '2'])
    expect('invoke through the alias', value('lambda invoke --function-name orders:live answer.json', 'ExecutedVersion'), '1')
    expect('its answer', (WORK / 'answer.json').read_text(), '1')
    expect('a missing alias', aws('lambda get-alias --function-name orders --name none'), (
        255, 'An error occurred (ResourceNotFoundException) when calling the GetAlias operation: Cannot find alias arn: '
             f'arn:aws:lambda:{calls.REGION}:{calls.ACCOUNT}:function:orders:none'))

    canary = 'CodeDeployDefault.LambdaCanary10Percent5Minutes'
    deployment = value(f'deploy create-deployment {GROUP} --deployment-config-name {canary}', 'deploymentId',
                       '--revision', APP_SPEC)
    later(30)
    expect('weights of a canary', value('lambda get-alias --function-name orders --name live', 'RoutingConfig'),
           {'AdditionalVersionWeights': {'2': 0.1}})
    expect('the running deployment', value(f'deploy list-deployments {GROUP} --include-only-statuses InProgress',
                                           'deployments'), [deployment])
    expect('its target', value(f'deploy batch-get-deployment-targets --deployment-id {deployment} --target-ids orders:live',
                               'deploymentTargets[0].deploymentTargetType'), 'LambdaTarget')
    expect('stop', aws(f'deploy stop-deployment --deployment-id {deployment} --auto-rollback-enabled')[0], 0)
    later(60)
    info = value(f'deploy get-deployment --deployment-id {deployment}', 'deploymentInfo')
    expect('the stopped deployment', info['status'], 'Stopped')
    rollback = info['rollbackInfo']['rollbackDeploymentId']
    expect('its rollback', aws(f'deploy wait deployment-successful --deployment-id {rollback}')[0], 0)
    expect('the alias after that', value('lambda get-alias --function-name orders --name live',
                                         '[FunctionVersion,RoutingConfig]'), ['1', None])

    expect('alarms', value('cloudwatch describe-alarms --alarm-names errors', 'MetricAlarms[].AlarmName'), ['errors'])
    expect('actions of a pipeline', value('codepipeline list-action-executions --pipeline-name orders-pipeline --max-items 10',
                                          'actionExecutionDetails'), [])
    expect('parameter', value('ssm get-parameter --name /orders/configuration', 'Parameter.Value'), '{}')
    (WORK / 'package.zip').write_bytes(calls.package(3))
    expect('upload', aws('s3 cp package.zip s3://artifacts/package.zip --no-progress')[0], 0)
    expect('download', aws('s3 cp s3://artifacts/package.zip copy.zip --no-progress')[0], 0)
    expect('the copy', (WORK / 'copy.zip').read_bytes(), calls.package(3))
    expect('code from the bucket', value('lambda update-function-code --function-name orders --s3-bucket artifacts '
                                         '--s3-key package.zip', 'LastUpdateStatus'), 'InProgress')
    stack = ['--template-body', calls.TEMPLATE, '--role-arn', calls.STACK_ROLE]
    expect('create a stack', aws('cloudformation create-stack --stack-name by-cli', *stack)[0], 0)
    later(60)
    expect('wait for it', aws('cloudformation wait stack-create-complete --stack-name by-cli')[0], 0)
    expect('its events', value('cloudformation describe-stack-events --stack-name by-cli', 'StackEvents[0].ResourceStatus'),
           'CREATE_COMPLETE')
    expect('delete it', aws('cloudformation delete-stack --stack-name by-cli')[0], 0)
    print('\n'.join(failures) or f'all commands of the AWS CLI did what they do on AWS')
    return 1 if failures else 0


if __name__ == '__main__':
    os.environ['AWS_PAGER'] = ''
    sys.exit(main())
