import { Contents, inspect } from './package-of';

const PYTHON = { Runtime: 'python3.13', Handler: 'app.handler' };
const HANDLER = 'def handler(event, context): pass\n';
const app = (text: string, files: Contents = {}): Contents => ({ 'app.py': text, ...files });

test('does not look for modules when an optional module of the package unpacks them', async () => {
  const files = { 'unzip_requirements.py': 'import sys\nsys.path.insert(0, "/tmp/requirements")' };
  const text = `try:\n    import unzip_requirements\nexcept ImportError:\n    pass\nimport requests\n${HANDLER}`;
  expect(await inspect(app(text, files), PYTHON)).toEqual([
    expect.stringContaining('app.py imports requests (line 5)'),
  ]);
});

describe('finds the handler when', () => {
  test.each([
    ['it is a function', HANDLER],
    ['it is an async function', 'async def handler(event, context): pass'],
    ['it is decorated', '@logger.inject\n@tracer\ndef handler(event, context): pass'],
    ['it is assigned', 'handler = Mangum(app)'],
    ['it is assigned with a type', 'handler: Callable = make()'],
    ['it is one of several names', 'other, handler = make()'],
    ['it is assigned twice in one line', 'lambda_handler = handler = make()'],
    ['it is a class', 'class handler:\n    def __new__(cls, event, context): pass'],
    ['it is imported', 'from lib import handler'],
    ['it is imported under that name', 'from lib import (\n    main as handler,  # the function\n)'],
    ['a module has that name', 'import handler'],
    ['it is under a condition', 'if True:\n    def handler(event, context): pass'],
    ['it is in a try', 'try:\n    from lib import handler\nexcept ImportError:\n    raise'],
    ['it is in the part for an error', 'try:\n    pass\nexcept ImportError:\n    def handler(event, context): pass'],
    ['it is in a loop', 'for handler in make(): pass'],
    ['it is opened', 'with make() as handler: pass'],
    ['it is named in an expression', 'print(handler := make())'],
    ['everything is imported', 'from lib import *'],
    ['it may be set by its name', 'globals()["handler"] = make()'],
    ['a function makes it', 'def start():\n    global handler\n    handler = 1\nstart()'],
    ['the module answers for any name', 'def __getattr__(name): pass'],
    ['the text is not understood', 'def (:\n'],
    ['the file begins with a mark', `\ufeff${HANDLER}`],
  ])('%s', async (_, text) => {
    expect(await inspect(app(text, { 'lib.py': '', 'handler.py': '' }), PYTHON)).toEqual([]);
  });
});

describe('refuses a package whose module has the name', () => {
  test.each([
    ['nowhere', 'def main(event, context): pass'],
    ['in a comment', '# def handler(event, context)\ndef main(): pass'],
    ['in a text', '"""\ndef handler(event, context): pass\n"""\ndef main(): pass'],
    ['in a class', 'class App:\n    def handler(self, event, context): pass\ndef main(): pass'],
    ['in a function', 'def main():\n    def handler(): pass\n    handler = 1'],
    ['as an attribute', 'main.handler = 1\ndef main(): pass'],
    ['as a value', 'def main(): pass\nmain(handler)'],
    ['under another name', 'from lib import handler as main\ndef main(): pass'],
  ])('%s', async (_, text) => {
    expect(await inspect(app(text, { 'lib.py': '' }), PYTHON)).toContain(
      'app.py defines no handler (it defines main), but the handler is app.handler: ' +
        'correct the handler of the function, or define it in the module.',
    );
  });
});

describe('refuses a package without a module that the runtime loads:', () => {
  test.each([
    ['of the handler', app(`import os\nimport requests\n${HANDLER}`), 'app.py imports requests (line 2)'],
    [
      'of the handler, in parentheses',
      app(`from acme.lib import (\n  a,\n  b,\n)\n${HANDLER}`),
      'app.py imports acme.lib (line 1)',
    ],
    ['one of several', app(`import os, requests as r\n${HANDLER}`), 'app.py imports requests'],
    [
      'in a try that raises',
      app(`try:\n  import requests\nexcept ImportError:\n  raise\n${HANDLER}`),
      'app.py imports requests',
    ],
    [
      "of the user's own module",
      app(`import lib\n${HANDLER}`, { 'lib.py': 'import requests' }),
      'lib.py imports requests',
    ],
    [
      "of the user's own package",
      app(`from lib import util\n${HANDLER}`, { 'lib/__init__.py': '', 'lib/util.py': 'import requests' }),
      'lib/util.py imports requests',
    ],
    [
      'of a package around it',
      app(`import lib.util\n${HANDLER}`, { 'lib/__init__.py': 'import requests', 'lib/util.py': '' }),
      'lib/__init__.py imports requests',
    ],
  ])('%s', async (_, contents, text) => {
    expect(await inspect(contents, PYTHON)).toContain(`${text.includes('(line') ? text : `${text} (line`}`);
    expect(await inspect(contents, PYTHON)).toContain(
      'but the package does not contain it, and python3.13 does not bring it: name it in the file with the dependencies',
    );
  });

  test('relative to a module at the root', async () => {
    expect(await inspect(app(`from .lib import f\n${HANDLER}`, { 'lib.py': '' }), PYTHON)).toContain(
      'app.py imports .lib (line 1), but the runtime loads the file as a module without such a parent package: ' +
        'write the import without its leading dots',
    );
  });

  test('relative, and not in the package', async () => {
    const contents = { 'src/app.py': `from .lib import f\n${HANDLER}` };
    expect(await inspect(contents, { ...PYTHON, Handler: 'src.app.handler' })).toContain(
      'src/app.py imports .lib (line 1), but the package does not contain it: pack the file, or correct the import.',
    );
  });
});

describe('accepts an import', () => {
  const requests = `import requests\n${HANDLER}`;
  test.each<[string, Contents, object]>([
    [
      'of the standard library',
      app(`import json, asyncio.events, xml.etree.ElementTree\nfrom os import path\n${HANDLER}`),
      {},
    ],
    ['of the AWS SDK', app(`import boto3\nfrom botocore.exceptions import ClientError\n${HANDLER}`), {}],
    ['of a module', app(requests, { 'requests.py': '' }), {}],
    ['of a package', app(requests, { 'requests/__init__.py': '' }), {}],
    ['of a namespace package', app(`import acme.lib\n${HANDLER}`, { 'acme/lib.py': '' }), {}],
    ['of a compiled module', app(requests, { 'requests.cpython-313-x86_64-linux-gnu.so': '' }), {}],
    ['of a module without its source', app(requests, { 'requests.pyc': '' }), {}],
    [
      'of a relative module',
      { 'src/app.py': `from . import lib\nfrom .lib import f\n${HANDLER}`, 'src/lib.py': '' },
      { Handler: 'src/app.handler' },
    ],
    ['that may fail', app(`try:\n    import requests\nexcept ImportError:\n    requests = None\n${HANDLER}`), {}],
    ['under a condition', app(`if TYPE_CHECKING:\n    import requests\n${HANDLER}`), {}],
    ['in a function', app('def handler(event, context):\n    import requests'), {}],
    ['in a text', app(`"""\nimport requests\n"""\n${HANDLER}`), {}],
    ['that a layer may have', app(requests), { Layers: ['arn:layer'] }],
    [
      'of an installed package, which may find it in another way',
      app(`import lib\n${HANDLER}`, {
        'lib/__init__.py': 'import requests',
        'lib-1.0.dist-info/RECORD': 'lib/__init__.py,,',
      }),
      {},
    ],
  ])('%s', async (_, contents, configuration) => {
    expect(await inspect(contents, { ...PYTHON, ...configuration })).toEqual([]);
  });

  test.each<[string, Contents, object]>([
    ['after a change of the path', app(`import sys\nsys.path.insert(0, "vendor")\n${requests}`), {}],
    ['with another path for modules', app(requests), { Environment: { Variables: { PYTHONPATH: '/mnt/lib' } } }],
  ])('%s, with a note', async (_, contents, configuration) => {
    expect(await inspect(contents, { ...PYTHON, ...configuration })).toEqual([
      expect.stringContaining('app.py imports requests'),
    ]);
  });
});

describe('refuses an editable requirement:', () => {
  test.each([
    ['of uv', 'common.pth', '/codebuild/output/src1/common/src\n'],
    ['of pip', '__editable__.common-0.1.0.pth', '/codebuild/output/src1/common/src'],
    ['of hatchling', '_editable_impl_common.pth', '/codebuild/output/src1/common/src'],
  ])('%s', async (_, file, text) => {
    expect(await inspect(app(HANDLER, { [file]: text }), PYTHON)).toContain(
      `${file} points to /codebuild/output/src1/common/src, a folder of the build, ` +
        'but Lambda has only what is in the package: install a copy',
    );
  });

  test('with a finder', async () => {
    const file = '__editable__.common-0.1.0.pth';
    const files = { [file]: 'import __editable___common_0_1_0_finder; __editable___common_0_1_0_finder.install()' };
    expect(await inspect(app(HANDLER, files), PYTHON)).toContain(`${file} points to a folder of the build`);
  });

  test.each<[string, Contents]>([
    ['not if the package contains a copy', { 'common.pth': '/src/common', 'common/__init__.py': '' }],
    ['nor a file that only runs something', { 'distutils-precedence.pth': "import os; var = 'X'" }],
    ['nor a path in the package', { 'easy-install.pth': './lib.egg' }],
    ['nor a file in a folder', { 'data/common.pth': '/src/common' }],
  ])('%s', async (_, files) => {
    expect(await inspect(app(HANDLER, files), PYTHON)).toEqual([]);
  });
});

test('notes a requirement that the package names, and does not contain', async () => {
  const files = {
    'requirements.txt':
      '# tools\nPyYAML==6.0\nrequests[socks]>=2\nboto3\npython-dateutil\ntoml; python_version < "3.11"\n-r other.txt\nacme-lib',
    'PyYAML-6.0.dist-info/METADATA': '',
    'acme_lib/__init__.py': '',
  };
  expect(await inspect(app(HANDLER, files), PYTHON)).toEqual([
    'requirements.txt names requests, but the package does not contain it: ' +
      'install it into the folder that is packed, or remove it from the file',
  ]);
});

test('says nothing about requirements when nothing was installed with its metadata', async () => {
  expect(await inspect(app(HANDLER, { 'requirements.txt': 'requests' }), PYTHON)).toEqual([]);
});
