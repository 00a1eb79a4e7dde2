import { Family } from './family-row';

/** Node.js: npm, pnpm and Yarn by their lock files, the scripts `test` and `build`, and the production dependencies. */
export const NODE: Family = {
  current: 'lambda.Runtime.NODEJS_22_X',
  olderRuntimes: ['nodejs18.x', 'nodejs20.x'],
  handler: {
    pattern: /^[\w@./-]+\.[A-Za-z_$][\w$]*$/,
    form: '<file without extension>.<exported function>',
    example: 'index.handler',
  },
  codeArtifact: { tool: 'npm', format: 'npm' },
  recipe: {
    program: 'node',
    runtimeVersions: (runtime) => ({ nodejs: runtime.replace(/^nodejs(\d+)\.x$/, '$1') }),
    // Only contents, because a cache of CodeBuild keeps no links
    cachePaths: [
      '/root/.npm/_cacache/**/*',
      ...['v3/files', 'v10/files', 'v10/index'].map((folder) => `/root/.local/share/pnpm/store/${folder}/**/*`),
      '/usr/local/share/.cache/yarn/**/*',
      '/root/.cache/yarn-berry/cache/**/*',
    ],
  },
  plainLayout: {
    sourceDirectory: 'Backend/src',
    testDirectory: 'Backend/tests/UT_src',
    dependencyFile: 'package.json',
  },
};
