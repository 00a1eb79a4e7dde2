import { findFolderToStrip, requireHandlerFile } from '../../../../src/handlers/release/code/handler-file';

function check(runtime: string, handler: string, files: string[], hasLayers = false): () => void {
  return () => requireHandlerFile({ runtime, handler, hasLayers }, files);
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
  ['ruby3.4', 'app.handler', 'app.rb'],
  ['provided.al2023', 'main', 'bootstrap'],
  ['java21', 'com.acme.Handler', 'com/acme/Handler.class'],
  ['dotnet8', 'Assembly::Type::Method', 'Assembly.dll'],
])('for %s finds the handler %s in %s', (runtime, handler, file) => {
  expect(check(runtime, handler, [file, 'other.txt'])).not.toThrow();
});

test('fails when the file is deeper in the package, and says where', () => {
  expect(check('python3.13', 'app.handler', ['Backend/src/app.py', 'Backend/src/lib.py'])).toThrow(
    "the handler app.handler needs app.py at the root of the package; found Backend/src/app.py: the zip's root is not the package's root. " +
      'Make the zip inside of that folder: (cd Backend/src && zip -r "$CODEBUILD_SRC_DIR/$ProjectName.zip" .)',
  );
});

test('fails when the file is missing, and says what is at the root', () => {
  expect(check('nodejs24.x', 'index.handler', ['src/main.js', 'package.json'])).toThrow(
    'needs index.js at the root of the package; found at the root: package.json, src/.',
  );
});

test('fails when the handler is in a folder that the package does not have', () => {
  expect(check('nodejs24.x', 'src/app.handler', ['app.js'])).toThrow(
    'the handler src/app.handler needs src/app.js in the package',
  );
});

test('names no more than ten entries of the root', () => {
  const files = Array.from({ length: 12 }, (_, index) => `file${String(index).padStart(2, '0')}.py`);
  expect(check('python3.13', 'app.handler', files)).toThrow('file09.py and 2 more');
});

test('says nothing about a package whose handler may be in a layer', () => {
  expect(check('python3.13', 'app.handler', ['main.py'], true)).not.toThrow();
});

test.each([
  ['the zip was made from outside', 'app.handler', ['Backend/src/app.py', 'Backend/src/lib/app.py'], 'Backend/src/'],
  [
    'the handler is in a folder of the package',
    'lib.app.handler',
    ['Backend/src/lib/app.py', 'Backend/src/x.py'],
    'Backend/src/',
  ],
  ['the handler is at its place', 'app.handler', ['app.py', 'Backend/src/app.py'], undefined],
  ['files stand outside of the folder', 'app.handler', ['Backend/src/app.py', 'README.md'], undefined],
  ['two folders hold it', 'app.handler', ['a/app.py', 'b/app.py'], undefined],
  ['there is no handler', 'app.handler', ['Backend/src/main.py'], undefined],
])('finds which folder to take away when %s', (_, handler, files, folder) => {
  expect(findFolderToStrip({ runtime: 'python3.13', handler, hasLayers: false }, files)).toBe(folder);
});
