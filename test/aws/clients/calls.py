"""The calls that are made on the stand-in and on moto, as a script for boto3 would make them."""
import hashlib
import io
import json
import zipfile

ACCOUNT = '123456789012'
REGION = 'us-east-1'
FUNCTION_ROLE = f'arn:aws:iam::{ACCOUNT}:role/function-role'
DEPLOY_ROLE = f'arn:aws:iam::{ACCOUNT}:role/deploy-role'
STACK_ROLE = f'arn:aws:iam::{ACCOUNT}:role/stack-role'
BUCKET = 'artifacts'
TOPIC = f'arn:aws:sns:{REGION}:{ACCOUNT}:notices'
GROUP = {'applicationName': 'orders', 'deploymentGroupName': 'orders'}
TEMPLATE = json.dumps({'Resources': {'Logs': {'Type': 'AWS::Logs::LogGroup', 'Properties': {'LogGroupName': 'orders'}}}})


def package(answer):
    """A zip with the same bytes on every machine."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, 'w') as archive:
        archive.writestr(zipfile.ZipInfo('index.js'), f'exports.handler = async () => {answer};')
    return data.getvalue()


def app_spec():
    content = json.dumps({
        'version': 0.0,
        'Resources': [{'orders': {'Type': 'AWS::Lambda::Function', 'Properties': {
            'Name': 'orders', 'Alias': 'live', 'CurrentVersion': '1', 'TargetVersion': '2'}}}],
    })
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    return {'revisionType': 'AppSpecContent', 'appSpecContent': {'content': content, 'sha256': sha256}}


ORDERS = {'FunctionName': 'orders'}
CREATE = {**ORDERS, 'Role': FUNCTION_ROLE, 'Runtime': 'nodejs22.x', 'Handler': 'index.handler', 'Code': {'ZipFile': package(1)}}
PERMISSION = {**ORDERS, 'StatementId': 'events', 'Action': 'lambda:InvokeFunction', 'Principal': 'events.amazonaws.com'}
STACK = {'StackName': 'orders-logs', 'TemplateBody': TEMPLATE, 'RoleARN': STACK_ROLE}

# Service, operation, input; a later call may depend on the earlier ones. `wait` lets updates become effective.
CALLS = [
    ('lambda', 'get_function', ORDERS),
    ('lambda', 'create_function', {**CREATE, 'Tags': {'team': 'warehouse'}}),
    ('wait',),
    ('lambda', 'create_function', CREATE),
    ('lambda', 'get_function_configuration', ORDERS),
    ('lambda', 'publish_version', {**ORDERS, 'Description': 'first'}),
    ('lambda', 'publish_version', {**ORDERS, 'Description': 'nothing changed'}),
    ('lambda', 'create_alias', {**ORDERS, 'Name': 'live', 'FunctionVersion': '1'}),
    ('lambda', 'create_alias', {**ORDERS, 'Name': 'live', 'FunctionVersion': '1'}),
    ('lambda', 'create_alias', {**ORDERS, 'Name': 'next', 'FunctionVersion': '7'}),
    ('lambda', 'update_function_configuration', {**ORDERS, 'MemorySize': 256, 'Environment': {'Variables': {'A': 'b'}}}),
    ('wait',),
    ('lambda', 'update_function_code', {**ORDERS, 'ZipFile': package(2)}),
    ('wait',),
    ('lambda', 'publish_version', ORDERS),
    ('lambda', 'list_versions_by_function', ORDERS),
    ('lambda', 'update_alias', {**ORDERS, 'Name': 'live', 'RoutingConfig': {'AdditionalVersionWeights': {'2': 0.1}}}),
    ('lambda', 'get_alias', {**ORDERS, 'Name': 'live'}),
    ('lambda', 'update_alias', {**ORDERS, 'Name': 'live', 'RoutingConfig': {'AdditionalVersionWeights': {}}}),
    ('lambda', 'list_aliases', ORDERS),
    ('lambda', 'get_alias', {**ORDERS, 'Name': 'none'}),
    ('lambda', 'get_function', {**ORDERS, 'Qualifier': 'live'}),
    ('lambda', 'add_permission', PERMISSION),
    ('lambda', 'add_permission', PERMISSION),
    ('lambda', 'tag_resource', {'Resource': f'arn:aws:lambda:{REGION}:{ACCOUNT}:function:orders', 'Tags': {'stage': 'test'}}),
    ('lambda', 'get_function', ORDERS),
    ('s3', 'put_object', {'Bucket': BUCKET, 'Key': 'a', 'Body': b'abc', 'Metadata': {'commit': 'c0ffee'}}),
    ('s3', 'get_object', {'Bucket': BUCKET, 'Key': 'a'}),
    ('s3', 'head_object', {'Bucket': BUCKET, 'Key': 'a'}),
    ('s3', 'get_object', {'Bucket': BUCKET, 'Key': 'none'}),
    ('s3', 'head_object', {'Bucket': BUCKET, 'Key': 'none'}),
    ('s3', 'get_object', {'Bucket': 'nowhere', 'Key': 'a'}),
    ('ssm', 'get_parameter', {'Name': '/orders/configuration'}),
    ('ssm', 'get_parameter', {'Name': 'none'}),
    ('sns', 'publish', {'TopicArn': TOPIC, 'Subject': 'hello', 'Message': 'hello'}),
    ('sns', 'publish', {'TopicArn': f'{TOPIC}2', 'Message': 'hello'}),
    ('sns', 'publish', {'TopicArn': TOPIC, 'Message': '{"email":"hello"}', 'MessageStructure': 'json'}),
    ('cloudwatch', 'describe_alarms', {'AlarmNames': ['errors']}),
    ('cloudwatch', 'describe_alarms', {'AlarmNames': ['none']}),
    ('codedeploy', 'get_deployment_group', GROUP),
    ('codedeploy', 'get_deployment_group', {**GROUP, 'applicationName': 'none'}),
    ('codedeploy', 'create_deployment', {**GROUP, 'revision': app_spec(), 'description': 'a release'}),
    ('codedeploy', 'list_deployments', GROUP),
    ('codedeploy', 'get_deployment', {'deploymentId': 'd-NONE00000'}),
    ('cloudformation', 'describe_stacks', {'StackName': 'orders-logs'}),
    ('cloudformation', 'create_stack', STACK),
    ('wait',),
    ('cloudformation', 'describe_stacks', {'StackName': 'orders-logs'}),
    ('cloudformation', 'create_stack', STACK),
    ('cloudformation', 'delete_stack', {'StackName': 'orders-logs'}),
    ('wait',),
    ('cloudformation', 'describe_stacks', {'StackName': 'orders-logs'}),
]
