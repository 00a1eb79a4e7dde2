"""Runs a Python handler over the Runtime API, as Lambda's Python runtime does."""

import http.client
import importlib
import json
import os
import sys
import time
import traceback

API = '/2018-06-01/runtime/'
connection = http.client.HTTPConnection(os.environ['AWS_LAMBDA_RUNTIME_API'])


def call(method, path, body=None):
    connection.request(method, API + path, body=body, headers={'Content-Type': 'application/json'})
    response = connection.getresponse()
    return response.headers, response.read()


def report(path, error_type, message, stack=()):
    body = {'errorType': error_type, 'errorMessage': message, 'stackTrace': list(stack)}
    print(f'[ERROR] {error_type}: {message}', file=sys.stderr)
    for entry in stack:
        print(entry.rstrip(), file=sys.stderr)
    call('POST', path, json.dumps(body))


def is_local(host):
    return host in ('localhost', '::1', '0.0.0.0', '::') or str(host).startswith('127.')


def guard(event, arguments):
    if event == 'socket.getaddrinfo':
        host = arguments[0]
    elif event == 'socket.connect' and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if isinstance(host, bytes):
        host = host.decode()
    if host is None or is_local(host):
        return
    reporter = http.client.HTTPConnection(os.environ['AWS_LAMBDA_RUNTIME_API'])
    reporter.request('POST', '/rehearsal/blocked', body=json.dumps({'host': host}))
    reporter.getresponse().read()
    raise OSError(f'the rehearsal lets nothing leave this machine: {host}')


class Identity:
    cognito_identity_id = None
    cognito_identity_pool_id = None


class Context:
    def __init__(self, headers):
        self.aws_request_id = headers['Lambda-Runtime-Aws-Request-Id']
        self.invoked_function_arn = headers['Lambda-Runtime-Invoked-Function-Arn']
        self.deadline = int(headers['Lambda-Runtime-Deadline-Ms'])
        self.function_name = os.environ['AWS_LAMBDA_FUNCTION_NAME']
        self.function_version = os.environ['AWS_LAMBDA_FUNCTION_VERSION']
        self.memory_limit_in_mb = os.environ['AWS_LAMBDA_FUNCTION_MEMORY_SIZE']
        self.log_group_name = os.environ['AWS_LAMBDA_LOG_GROUP_NAME']
        self.log_stream_name = os.environ['AWS_LAMBDA_LOG_STREAM_NAME']
        self.identity = Identity()
        self.client_context = None

    def get_remaining_time_in_millis(self):
        return max(0, self.deadline - int(time.time() * 1000))


class InitError(Exception):
    def __init__(self, error_type, message, stack=()):
        super().__init__(message)
        self.error_type = error_type
        self.stack = stack


def user_stack(error):
    frames = traceback.extract_tb(error.__traceback__)
    return traceback.format_list([f for f in frames if f.filename != __file__ and 'importlib' not in f.filename])


def load(handler):
    try:
        module_name, function_name = handler.rsplit('.', 1)
    except ValueError as error:
        raise InitError('Runtime.MalformedHandlerName', f"Bad handler '{handler}': {error}") from error
    module = import_module(module_name)
    if not hasattr(module, function_name):
        message = f"Handler '{function_name}' missing on module '{module_name}'"
        raise InitError('Runtime.HandlerNotFound', message)
    return getattr(module, function_name)


def import_module(name):
    try:
        return importlib.import_module(name.replace('/', '.'))
    except ImportError as error:
        message = f"Unable to import module '{name}': {error}"
        raise InitError('Runtime.ImportModuleError', message, user_stack(error)) from error
    except SyntaxError as error:
        message = f"Syntax error in module '{name}': {error}"
        raise InitError('Runtime.UserCodeSyntaxError', message, user_stack(error)) from error
    except Exception as error:
        raise InitError(type(error).__name__, str(error), user_stack(error)) from error


def invoke(handler):
    headers, body = call('GET', 'invocation/next')
    invocation = 'invocation/' + headers['Lambda-Runtime-Aws-Request-Id']
    try:
        result = handler(json.loads(body), Context(headers))
    except Exception as error:
        report(invocation + '/error', type(error).__name__, str(error), user_stack(error))
        return
    try:
        text = json.dumps(result)
    except Exception as error:
        report(invocation + '/error', 'Runtime.MarshalError', f'Unable to marshal response: {error}')
        return
    call('POST', invocation + '/response', text)


def main():
    sys.path.insert(0, os.environ['LAMBDA_TASK_ROOT'])
    if 'REHEARSAL_SDK' in os.environ:
        sys.path.append(os.environ.pop('REHEARSAL_SDK'))
    sys.addaudithook(guard)
    try:
        handler = load(os.environ['_HANDLER'])
    except InitError as error:
        report('init/error', error.error_type, str(error), error.stack)
        sys.exit(1)
    while True:
        invoke(handler)


if __name__ == '__main__':
    main()
