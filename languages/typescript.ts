import { Language } from './language';

export const typescript: Language = {
  name: 'typescript',
  target: 'js',
  requires: ({ npm }) => ({ 'package.json': [`"${npm}"`], 'minimal.ts': [`'${npm}'`] }),
  install: ({ library, versions }) => [
    `npm install --no-audit --no-fund --loglevel=error aws-cdk-lib@${versions.cdk} constructs@${versions.constructs} "${library}"/dist/js/*.tgz`,
  ],
  check: () => ['npx tsc'],
  environment: () => ({}),
  start: (app) => `node --import tsx ${app}.ts`,
  refusalProgram: 'refusal.ts',
  refuse: (refusal) => `node --import tsx refusal.ts ${refusal}`,
  refusalLine: (output, message) => output.includes(`Error: ${message}`),
};
