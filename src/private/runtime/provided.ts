import { Family } from './family-row';

/** Go and Rust, for the runtimes `provided.*`: a binary named `bootstrap`. */
export const PROVIDED: Family = {
  current: 'lambda.Runtime.PROVIDED_AL2023',
  olderRuntimes: [],
  handler: { pattern: /^[\w./:-]+$/, form: 'letters, digits, and . _ / : -', example: 'bootstrap' },
  recipe: {
    program: 'provided',
    // The newest images have Rust by default. Some other images do not know the name `rust`.
    runtimeVersions: () => ({ golang: '1.24' }),
    cachePaths: ['/root/.cache/go-build/**/*', '/go/pkg/mod/**/*', '/root/.cargo/registry/**/*'],
  },
  plainLayout: { sourceDirectory: 'Backend/src', dependencyFile: 'go.mod' },
};
