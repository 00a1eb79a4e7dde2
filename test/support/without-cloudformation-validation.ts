import { cloudFormationValidate } from './cloudformation-validate';

/**
 * The CDK validates each synthesized template with an engine that takes seconds to load in each test file, and only
 * prints what it finds. `test/security.test.ts` runs it, with its findings as errors; the other tests go without it.
 */
if (cloudFormationValidate) {
  jest.doMock(cloudFormationValidate, () => ({
    RegoEngine: class {
      public validateDetailed() {
        return { diagnostics: [] };
      }

      public listRules() {
        return [];
      }
    },
    TemplateFile: class {},
    version: () => 'none',
  }));
}
