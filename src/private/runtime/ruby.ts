import { Family } from './family-row';

/** Ruby: Bundler, and RSpec or Minitest. */
export const RUBY: Family = {
  current: 'lambda.Runtime.RUBY_3_4',
  olderRuntimes: ['ruby3.2'],
  handler: {
    pattern: /^[\w./-]+(\.[A-Z]\w*(::[A-Z]\w*)*)?\.[A-Za-z_]\w*[?!]?$/,
    form: '<file without extension>.<method>',
    example: 'app.handler',
  },
  recipe: {
    program: 'ruby',
    runtimeVersions: (runtime) => ({ ruby: runtime.replace('ruby', '') }),
    cachePaths: ['/root/.cache/bundle/**/*'],
  },
  plainLayout: { sourceDirectory: 'Backend/src', testDirectory: 'Backend/tests/UT_src', dependencyFile: 'Gemfile' },
};
