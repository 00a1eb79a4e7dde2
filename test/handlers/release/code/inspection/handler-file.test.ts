import {
  findFolderToStrip,
  requireHandlerFile,
} from '../../../../../src/handlers/release/code/inspection/handler-file';
import { targetOf } from '../../../../../src/handlers/release/code/inspection/target';

function check(Runtime: string, Handler: string, files: string[], Layers: string[] = [], sourceDirectory?: string) {
  return () => requireHandlerFile(targetOf({ Runtime, Handler, Layers }, sourceDirectory), files);
}

test.each([
  ['python3.13', 'app.handler', 'app.py'],
  ['python3.13', 'app.handler', 'app/__init__.py'],
  ['python3.13', 'src.app.handler', 'src/app.py'],
  ['python3.13', 'src/app.handler', 'src/app.py'],
  ['python3.13', 'app.handler', 'app.cpython-313-x86_64-linux-gnu.so'],
  ['nodejs24.x', 'index.handler', 'index.js'],
  ['nodejs24.x', 'index.handler', 'index.mjs'],
  ['nodejs24.x', 'src/app.handler', 'src/app.cjs'],
  ['nodejs24.x', 'index.exports.handler', 'index.js'],
  ['nodejs24.x', 'wrapper.handler', 'node_modules/wrapper/main.js'],
  ['nodejs24.x', 'src.handler', 'src/index.js'],
  ['nodejs24.x', 'src.handler', 'src/package.json'],
  ['ruby3.4', 'app.handler', 'app.rb'],
  ['ruby3.4', 'lib/app.Acme::Handler.process', 'lib/app.rb'],
  ['provided.al2023', 'main', 'bootstrap'],
  ['java21', 'com.acme.Handler', 'com/acme/Handler.class'],
  ['java21', 'com.acme.Handler::handleRequest', 'com/acme/Handler.class'],
  ['dotnet8', 'Assembly::Type::Method', 'Assembly.dll'],
  ['cobol1', 'app.handler', 'app.cbl'],
])('for %s finds the handler %s in %s', (runtime, handler, file) => {
  expect(check(runtime, handler, [file, 'other.txt'])).not.toThrow();
});

test.each([
  ['python3.13', 'app.handler', 'app.py'],
  ['nodejs24.x', 'index.handler', 'index.js'],
  ['ruby3.4', 'app.handler', 'app.rb'],
  ['provided.al2023', 'main', 'bootstrap'],
  ['dotnet8', 'Assembly::Type::Method', 'Assembly.dll'],
])('for %s fails when nothing contains the handler %s', (runtime, handler, file) => {
  expect(check(runtime, handler, ['other.txt'])).toThrow(
    `The handler ${handler} needs ${file} at the root of the package, but its root contains: other.txt. ` +
      'Correct the handler, or what the build packs.',
  );
});

const DEEPER = ['Backend/src/app.py', 'Backend/src/lib.py'];

test("names the zip command when the user's own build specification made the zip", () => {
  expect(check('python3.13', 'app.handler', DEEPER)).toThrow(
    'The handler app.handler needs app.py at the root of the package, but the package contains Backend/src/app.py. ' +
      'Make the zip in that folder: (cd Backend/src && zip -r "$CODEBUILD_SRC_DIR/$ProjectName.zip" .)',
  );
});

test.each([
  ['.', 'Backend/src'],
  ['services', 'services/Backend/src'],
])('names the source directory when a recipe packed %s', (sourceDirectory, wanted) => {
  expect(check('python3.13', 'app.handler', DEEPER, [], sourceDirectory)).toThrow(
    `but the package contains Backend/src/app.py. Set buildProject.sourceDirectory: '${wanted}'.`,
  );
});

test('fails when the file is missing, and names the root', () => {
  expect(check('nodejs24.x', 'index.handler', ['src/main.js', 'package.json'])).toThrow(
    'needs index.js at the root of the package, but its root contains: package.json, src/.',
  );
});

test('fails when the handler is in a folder that the package does not have', () => {
  expect(check('nodejs24.x', 'src/app.handler', ['app.js'])).toThrow(
    'The handler src/app.handler needs src/app.js in the package',
  );
});

test('names at most ten entries of the root', () => {
  const files = Array.from({ length: 12 }, (_, index) => `file${String(index).padStart(2, '0')}.py`);
  expect(check('python3.13', 'app.handler', files)).toThrow('file09.py and 2 more');
});

test('accepts a package whose handler may be in a layer', () => {
  expect(check('python3.13', 'app.handler', ['main.py'], ['arn:layer'])).not.toThrow();
});

test('accepts a package whose wrapper script may select another handler', () => {
  const Environment = { Variables: { AWS_LAMBDA_EXEC_WRAPPER: '/var/task/run.sh' } };
  const target = targetOf({ Runtime: 'python3.13', Handler: 'app.handler', Environment });
  expect(() => requireHandlerFile(target, ['main.py'])).not.toThrow();
});

test.each([
  ['the zip was made outside', 'app.handler', ['Backend/src/app.py', 'Backend/src/lib/app.py'], 'Backend/src/'],
  [
    'the handler is in a folder of the package',
    'lib.app.handler',
    ['Backend/src/lib/app.py', 'Backend/src/x.py'],
    'Backend/src/',
  ],
  ['the handler is in its place', 'app.handler', ['app.py', 'Backend/src/app.py'], undefined],
  ['files are outside of the folder', 'app.handler', ['Backend/src/app.py', 'README.md'], undefined],
  ['two folders contain it', 'app.handler', ['a/app.py', 'b/app.py'], undefined],
  ['there is no handler', 'app.handler', ['Backend/src/main.py'], undefined],
])('finds the folder to strip when %s', (_, Handler, files, folder) => {
  expect(findFolderToStrip(targetOf({ Runtime: 'python3.13', Handler }), files)).toBe(folder);
});
