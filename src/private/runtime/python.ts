import { Family } from './family-row';

/** Python, with pytest and the dependency files of pip, uv, Poetry, PDM, and Pipenv. */
export const PYTHON: Family = {
  current: 'lambda.Runtime.PYTHON_3_13',
  olderRuntimes: ['python3.8', 'python3.9'],
  handler: {
    pattern: /^[A-Za-z_][\w/-]*(\.[A-Za-z_][\w-]*)*\.[A-Za-z_]\w*$/,
    form: '<module>.<function>',
    example: 'app.handler',
  },
  codeArtifact: { tool: 'pip', format: 'pypi' },
  recipe: {
    program: 'python',
    runtimeVersions: (runtime) => ({ python: runtime.replace('python', '') }),
    cachePaths: ['/root/.cache/pip/**/*', '/root/.cache/uv/**/*', '/root/.cache/recipe-tools/**/*'],
  },
  plainLayout: {
    sourceDirectory: 'Backend/src',
    testDirectory: 'Backend/tests/UT_src',
    dependencyFile: 'configuration/requirements.txt',
  },
};
