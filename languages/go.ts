import * as path from 'node:path';
import { Language } from './language';

const PACKAGE = 'cdklambdacicdpipeline';
const MODULE = `github.com/Rayoo-Nakano/cdk-lambda-ci-cd-pipeline-go/${PACKAGE}`;

export const go: Language = {
  name: 'go',
  target: 'go',
  requires: ({ go: { moduleName } }) => ({
    'go.mod': [`${moduleName}/${PACKAGE} v`],
    'minimal/main.go': [`"${moduleName}/${PACKAGE}"`],
  }),
  install: ({ library }) => [
    `go mod edit "-replace=${MODULE}=${path.join(library, 'dist', 'go', PACKAGE)}"`,
    'go mod tidy',
  ],
  check: () => ['go vet ./...'],
  // Otherwise the files of a module cache can't be deleted
  environment: ({ work }) => ({ GOMODCACHE: path.join(work, 'go'), GOFLAGS: '-modcacherw', GOWORK: 'off' }),
  start: (app) => `go run ./${app.replace('-', '')}`,
  refusalProgram: 'refusal/main.go',
  refuse: (refusal) => `go run ./refusal ${refusal}`,
  refusalLine: (output, message) => output[0].endsWith(`panic: ${message}`),
};
