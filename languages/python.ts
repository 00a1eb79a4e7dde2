import * as path from 'node:path';
import { Language } from './language';

export const python: Language = {
  name: 'python',
  target: 'python',
  requires: ({ python: { distName, module } }) => ({
    'requirements.txt': [distName],
    'minimal.py': [`from ${module} import `],
  }),
  install: ({ library, versions }) => [
    'python3 -m venv .venv',
    `.venv/bin/pip install --quiet aws-cdk-lib==${versions.cdk} constructs==${versions.constructs} "${library}"/dist/python/*.whl -r requirements.txt`,
  ],
  check: () => ['cdk-lambda-ci-cd-pipeline --help'],
  environment: ({ folder }) => ({
    PATH: `${path.join(folder, '.venv', 'bin')}:${process.env.PATH}`,
    PYTHONNOUSERSITE: '1',
    PYTHONPATH: '',
    VIRTUAL_ENV: path.join(folder, '.venv'),
  }),
  start: (app) => `python3 ${app.replace('-', '_')}.py`,
  refusalProgram: 'refusal.py',
  refuse: (refusal) => `python3 refusal.py ${refusal}`,
  refusalLine: (output, message) => output[output.length - 1] === `RuntimeError: ${message}`,
};
