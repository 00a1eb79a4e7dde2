import * as lambda from 'aws-cdk-lib/aws-lambda';
import { CodeArtifact } from '../../../src';
import { BuildCase } from '../case';

const props = { codeArtifact: CodeArtifact.existing({ domainName: 'acme', repositoryName: 'packages' }) };
const PYTHON = { runtime: lambda.Runtime.PYTHON_3_11, handler: 'app.handler', props };
const NODE = { runtime: lambda.Runtime.NODEJS_20_X, handler: 'index.handler', props };
const PYTHON_APP = 'import iniconfig\n\ndef handler(event, context):\n    return "ok"\n';
const NODE_APP = 'require("ms");\nexports.handler = async () => "ok";\n';
const manifest = (more: object = {}) =>
  JSON.stringify({ name: 'orders', version: '1.0.0', private: true, dependencies: { ms: '2.1.3' }, ...more });

/** No address of these is ever asked: a build that asks fails with another message. */
const ELSEWHERE = 'https://packages.example.com/simple';

export const CODE_ARTIFACT_CASES: BuildCase[] = [
  {
    ...PYTHON,
    name: 'code artifact: Python installs from the repository',
    files: { 'app.py': PYTHON_APP, 'requirements.txt': 'iniconfig\n' },
    packed: ['iniconfig/__init__.py'],
  },
  ...['-i', '--index-url', '--extra-index-url', '-f', '--find-links'].map((option): BuildCase => ({
    ...PYTHON,
    name: `code artifact: ${option} in a requirements file`,
    files: { 'app.py': PYTHON_APP, 'requirements.txt': `iniconfig\n${option} ${ELSEWHERE}\n` },
    red: [`requirements.txt:2 bypasses CodeArtifact: ${option}`],
  })),
  {
    ...PYTHON,
    name: 'code artifact: an index in a requirements file that another one includes',
    files: {
      'app.py': PYTHON_APP,
      'requirements.txt': '-r requirements/base.txt\n',
      'requirements/base.txt': `--extra-index-url ${ELSEWHERE}\niniconfig\n`,
    },
    red: ['requirements/base.txt:1 bypasses CodeArtifact'],
  },
  {
    ...PYTHON,
    name: 'code artifact: an index in pyproject.toml',
    files: {
      'app.py': PYTHON_APP,
      'pyproject.toml':
        '[project]\nname = "orders"\nversion = "1.0.0"\ndependencies = ["iniconfig"]\n\n' +
        `[[tool.uv.index]]\nname = "private"\nurl = "${ELSEWHERE}"\n`,
    },
    red: ['pyproject.toml:6 bypasses CodeArtifact: [[tool.uv.index]]'],
  },
  {
    ...NODE,
    name: 'code artifact: registry in .npmrc has no effect',
    files: {
      'package.json': manifest(),
      'index.js': NODE_APP,
      '.npmrc': 'registry=https://packages.example.com/\n',
    },
    packed: ['node_modules/ms/index.js'],
  },
  {
    ...NODE,
    name: 'code artifact: the host in the lock file has no effect',
    files: {
      'package.json': manifest(),
      'index.js': NODE_APP,
      'package-lock.json': JSON.stringify({
        name: 'orders',
        version: '1.0.0',
        lockfileVersion: 3,
        packages: {
          '': { name: 'orders', version: '1.0.0', dependencies: { ms: '2.1.3' } },
          'node_modules/ms': {
            version: '2.1.3',
            resolved: 'https://packages.example.com/ms/-/ms-2.1.3.tgz',
            integrity:
              'sha512-6FlzubTLZG3J2a/NVCAleEhjzq5oxgHyaCU9yYXvcLsvoVaHJq/s5xXI6/XXP6tz7R9xAOtHnSO/tXtF3WRTlA==',
          },
        },
      }),
    },
    packed: ['node_modules/ms/index.js'],
  },
  {
    ...NODE,
    name: 'code artifact: the registry of a scope is an exception that the log shows',
    files: {
      'package.json': manifest(),
      'index.js': NODE_APP,
      '.npmrc': '@acme:registry=https://packages.example.com/\n',
    },
    says: ['bypasses CodeArtifact: .npmrc:1: @acme:registry'],
    packed: ['node_modules/ms/index.js'],
  },
];
