import { type awscdk, javascript } from 'projen';

/** Prettier decides about the form, ESLint about the rest. */
export const linting = {
  prettier: true,
  prettierOptions: {
    settings: { printWidth: 120, singleQuote: true, trailingComma: javascript.TrailingComma.ALL },
    ignoreFileOptions: {},
  },
  eslintOptions: {
    prettier: true,
    tsconfigPath: './tsconfig.dev.json',
    dirs: ['src', 'rehearsal'],
    devdirs: ['test', 'rehearsal', 'benchmarks', 'examples', 'docs', 'languages', 'src/handlers'],
    ignorePatterns: [
      'examples/**/cdk.out/**',
      'examples/typescript/**',
      'examples/java/**',
      'examples/python/**',
      'examples/go/**',
      'languages/refusals/**',
      '*.js',
      '*.mjs',
      '*.d.ts',
      'node_modules/',
      'coverage',
    ],
  },
} satisfies Partial<awscdk.AwsCdkConstructLibraryOptions>;

/** The folders that are type-checked and linted beside src/, test/ and projenrc/, and the rules of the linter. */
export function addLintRules(project: awscdk.AwsCdkConstructLibrary): void {
  for (const folder of ['rehearsal', 'benchmarks', 'languages', 'examples/inventory-allocation', 'docs']) {
    project.tsconfigDev.addInclude(`${folder}/**/*.ts`);
  }
  project.tsconfigDev.addInclude('.projenrc.ts');
  project.tsconfigDev.addExclude('examples/typescript'); // an app of its own, which installs the package
  project.tsconfigDev.addExclude('languages/refusals'); // and a program that is put into it

  const { eslint } = project;
  if (!eslint) {
    throw new Error('projen makes no ESLint configuration any more: change addLintRules');
  }
  // One project for the linter: projen looks for the nearest tsconfig.json, which knows neither tests nor rehearsal
  eslint.config.parserOptions.project = './tsconfig.dev.json';
  delete eslint.config.parserOptions.projectService;
  eslint.addRules({
    curly: ['error', 'all'],
    'sort-imports': ['error', { ignoreCase: true, ignoreDeclarationSort: true }],
    'import/enforce-node-protocol-usage': ['error', 'always'],
  });
  eslint.addOverride({
    files: ['src/**/*.ts', 'rehearsal/**/*.ts'],
    rules: {
      'max-len': ['error', { code: 120 }], // Prettier breaks neither comments nor strings
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true, IIFEs: true }],
    },
  });
}
