/*
 * Imports what the library uses of aws-cdk-lib, given as JSON: { module: [names] }. Naming is what loads: the CDK reads a module's code when
 * something in it is first used, so that an import alone costs next to nothing and compares nothing. It is done from where the library does it,
 * because Node looks a module up once for each folder.
 */
const { createRequire } = require('module');
const path = require('path');

const requireFromLibrary = createRequire(path.join(__dirname, '../../lib/index.js'));
for (const [module, names] of Object.entries(JSON.parse(process.argv[2]))) {
  names.map((name) => requireFromLibrary(module)[name]);
}
