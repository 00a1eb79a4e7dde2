import { Case } from './case';

const on = (Runtime: string, Handler = 'app.handler', more: object = {}) => ({ Runtime, Handler, ...more });
const ARM = { Architectures: ['arm64'] };

/** A handler's module with these imports. */
const app = (...imports: string[]) => ({
  'app.py': `${imports.map((line) => `${line}\n`).join('')}\n\ndef handler(event, context):\n    return {}\n`,
});

const WORKING: readonly Case[] = [
  { name: 'numpy and pandas', function: on('python3.13'), pip: ['pandas'], files: app('import pandas as pd') },
  { name: 'numpy and pandas on glibc 2.26', function: on('python3.9'), pip: ['pandas'], files: app('import pandas') },
  {
    name: 'numpy on arm64',
    function: on('python3.12', 'app.handler', ARM),
    pip: ['numpy'],
    files: app('import numpy'),
  },
  {
    name: 'cryptography',
    function: on('python3.13'),
    pip: ['cryptography', 'pyjwt'],
    files: app('import jwt', 'from cryptography.fernet import Fernet'),
  },
  {
    name: 'cryptography for glibc 2.17',
    function: on('python3.11'),
    pip: ['cryptography<44'],
    files: app('from cryptography.hazmat.primitives import hashes'),
  },
  {
    name: 'pydantic',
    function: on('python3.14'),
    pip: ['pydantic[email]'],
    files: app('from pydantic import BaseModel, EmailStr'),
  },
  { name: 'psycopg2', function: on('python3.12'), pip: ['psycopg2-binary'], files: app('import psycopg2.extras') },
  { name: 'psycopg 3', function: on('python3.13'), pip: ['psycopg[binary,pool]'], files: app('import psycopg') },
  {
    name: 'powertools',
    function: on('python3.13'),
    pip: ['aws-lambda-powertools[all]'],
    files: app('from aws_lambda_powertools import Logger, Tracer', 'import boto3, botocore.config'),
  },
  {
    name: 'only the SDK of the runtime',
    function: on('python3.9'),
    files: {
      'app.py':
        'import json, os, boto3\nfrom botocore.exceptions import ClientError\nfrom dateutil import parser\n' +
        'try:\n    import ujson\nexcept ImportError:\n    ujson = json\n' +
        'if os.environ.get("DEBUG"):\n    import debugpy\n\n\nhandler = lambda event, context: {}\n',
    },
  },
  {
    name: 'scikit-learn',
    function: on('python3.12'),
    pip: ['scikit-learn'],
    files: app('from sklearn.linear_model import LinearRegression'),
  },
  { name: 'pillow and lxml', function: on('python3.13'), pip: ['pillow', 'lxml'], files: app('from PIL import Image') },
  {
    name: 'fastapi and mangum',
    function: on('python3.13', 'src.api.main.handler'),
    pip: ['fastapi', 'mangum', 'uvicorn[standard]'],
    files: {
      'src/__init__.py': '',
      'src/api/main.py':
        'from fastapi import FastAPI\nfrom mangum import Mangum\nfrom .routes import router\n\n' +
        'app = FastAPI()\napp.include_router(router)\nhandler = Mangum(app)\n',
      'src/api/routes.py': 'from fastapi import APIRouter\nrouter = APIRouter()\n',
    },
  },
  {
    name: 'handler in a folder with slashes',
    function: on('python3.13', 'src/api/main.handler'),
    files: { 'src/api/main.py': 'import json\n\ndef handler(event, context):\n    pass\n' },
  },
  {
    name: 'the Datadog wrapper as the handler',
    function: on('python3.13', 'datadog_lambda.handler.handler', {
      Environment: { Variables: { DD_LAMBDA_HANDLER: 'app.handler' } },
    }),
    pip: ['datadog-lambda'],
    files: app('import json'),
  },
  {
    name: 'the Datadog wrapper in a layer',
    function: on('python3.13', 'datadog_lambda.handler.handler', { Layers: [{ Arn: 'layer' }] }),
    files: app('import requests'),
  },
  {
    name: 'aiohttp and uvloop',
    function: on('python3.13'),
    pip: ['aiohttp', 'uvloop', 'orjson'],
    files: app('import aiohttp'),
  },
  { name: 'opencv', function: on('python3.12'), pip: ['opencv-python-headless'], files: app('import cv2') },
  { name: 'pyarrow', function: on('python3.12'), pip: ['pyarrow'], files: app('import pyarrow.parquet as pq') },
  {
    name: 'sqlalchemy',
    function: on('python3.13'),
    pip: ['sqlalchemy[asyncio]', 'pymysql', 'asyncpg'],
    files: app('from sqlalchemy import create_engine'),
  },
  {
    name: 'grpc and protobuf',
    function: on('python3.13'),
    pip: ['grpcio', 'google-cloud-storage'],
    files: app('from google.cloud import storage', 'import grpc'),
  },
  { name: 'openai and tiktoken', function: on('python3.13'), pip: ['openai', 'tiktoken'], files: app('import openai') },
  { name: 'polars', function: on('python3.13'), pip: ['polars'], files: app('import polars') },
  { name: 'duckdb', function: on('python3.13'), pip: ['duckdb'], files: app('import duckdb') },
  {
    name: 'matplotlib',
    function: on('python3.12'),
    pip: ['matplotlib'],
    files: app('import matplotlib.pyplot as plt'),
  },
  {
    name: 'mypyc, and speedups in C',
    function: on('python3.9'),
    pip: ['requests', 'pyyaml', 'markupsafe', 'wrapt', 'charset-normalizer', 'regex', 'msgpack', 'ujson', 'zstandard'],
    files: app('import requests, yaml, markupsafe, wrapt, regex, msgpack, ujson, zstandard'),
  },
  {
    name: 'django',
    function: on('python3.12', 'shop.lambda.handler'),
    pip: ['django', 'apig-wsgi'],
    files: {
      'shop/__init__.py': '',
      'shop/lambda.py':
        'import os\nfrom apig_wsgi import make_lambda_handler\nfrom django.core.wsgi import get_wsgi_application\n' +
        'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n' +
        'handler = make_lambda_handler(get_wsgi_application())\n',
    },
  },
  {
    name: 'databases, tracing and monitoring',
    function: on('python3.11'),
    pip: ['pymongo', 'redis[hiredis]', 'aws-xray-sdk', 'sentry-sdk', 'ddtrace<3', 'psutil'],
    files: app('import pymongo, redis, sentry_sdk', 'from aws_xray_sdk.core import patch_all'),
  },
  { name: 'onnxruntime', function: on('python3.12'), pip: ['onnxruntime'], files: app('import onnxruntime') },
  {
    name: 'snowflake',
    function: on('python3.11'),
    pip: ['snowflake-connector-python'],
    files: app('import snowflake.connector'),
  },
  {
    name: 'speedups for the other architecture, which have a substitute',
    function: on('python3.13'),
    pip: ['pyyaml', 'markupsafe'],
    pipFor: { version: '3.13', machine: 'aarch64', glibc: 34 },
    files: app('import yaml, markupsafe'),
  },
  {
    name: 'numpy for arm64, which nothing imports',
    function: on('python3.13'),
    pip: ['numpy'],
    pipFor: { version: '3.13', machine: 'aarch64', glibc: 34 },
    files: app('import json'),
  },
  {
    name: 'a namespace package, modules in the path of a folder, a star import',
    function: on('python3.13', 'functions.create.lambda_function.lambda_handler'),
    files: {
      'functions/create/lambda_function.py':
        'import os, sys\nsys.path.insert(0, os.path.join(os.path.dirname(__file__), "vendor"))\n' +
        'import vendored_module\nfrom functions.shared import *\n',
      'functions/create/vendor/vendored_module.py': '',
      'functions/shared.py': 'def lambda_handler(event, context):\n    pass\n',
    },
  },
];

const NOT_WORKING: readonly Case[] = [
  {
    name: 'cryptography for glibc 2.34 on Amazon Linux 2',
    function: on('python3.9'),
    pip: ['cryptography==46.0.3'],
    pipFor: { version: '3.9.25', machine: 'x86_64', glibc: 34 },
    files: app('from cryptography.fernet import Fernet'),
    refused: ['_rust.abi3.so', 'GLIBC_2.', 'glibc 2.26', 'use python3.12 or later'],
  },
  {
    name: 'numpy for arm64 on x86_64',
    function: on('python3.13'),
    pip: ['numpy'],
    pipFor: { version: '3.13', machine: 'aarch64', glibc: 34 },
    files: app('import numpy'),
    refused: ['numpy', 'is built for arm64', 'x86_64'],
  },
  {
    name: 'numpy for another version of Python',
    function: on('python3.13'),
    pip: ['numpy'],
    pipFor: { version: '3.12', machine: 'x86_64', glibc: 34 },
    files: app('import numpy'),
    refused: ['is built for Python 3.12', 'the runtime is python3.13', 'install the dependencies with Python 3.13'],
  },
  {
    name: 'pydantic for musl',
    function: on('python3.13'),
    pip: ['pydantic'],
    pipFor: { version: '3.13', machine: 'x86_64' },
    files: app('import pydantic'),
    refused: ['_pydantic_core', 'musl', 'glibc'],
  },
  {
    name: 'psycopg2 for arm64 on x86_64',
    function: on('python3.12'),
    pip: ['psycopg2-binary'],
    pipFor: { version: '3.12', machine: 'aarch64', glibc: 34 },
    files: app('import psycopg2'),
    refused: ['_psycopg', 'arm64'],
  },
  {
    name: 'requests is missing',
    function: on('python3.13'),
    files: app('import requests'),
    refused: ['app.py', 'imports requests (line 1)', 'python3.13 does not bring it', 'name it in the file with'],
  },
  {
    name: 'the function of the handler is missing',
    function: on('python3.13', 'app.lambda_handler'),
    files: app('import json'),
    refused: ['app.py defines no lambda_handler (it defines handler)', 'the handler is app.lambda_handler', 'correct'],
  },
  {
    name: 'a method as the handler, which the runtime mistakes for a module',
    function: on('python3.13', 'app.Api.handle'),
    files: { 'app.py': 'class Api:\n    @staticmethod\n    def handle(event, context):\n        pass\n' },
    refused: ['app.Api.handle', 'app/Api.py'],
  },
  {
    name: 'the file of the handler is missing',
    function: on('python3.13', 'main.handler'),
    files: app('import json'),
    refused: ['main.handler', 'main.py', 'app.py'],
  },
];

export const PYTHON: readonly Case[] = [...WORKING, ...NOT_WORKING];
