import * as fs from 'node:fs';
import { devDependencies } from '../../../package.json';
import { FILE, renderInputTypes } from '../../../projenrc/input-types';

const INSTALLED = JSON.parse(fs.readFileSync(require.resolve('aws-cdk-lib/package.json'), 'utf8')).version;
/** A later CDK has more options, which the table does not need. */
const withLowestCdk = INSTALLED === devDependencies['aws-cdk-lib'] ? test : test.skip;

withLowestCdk('the types of input are those of the declarations: `npx projen input-types` writes them again', () => {
  expect(fs.readFileSync(FILE, 'utf8')).toBe(renderInputTypes());
});
