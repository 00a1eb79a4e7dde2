import { COMPILED, compiledFor, MACHINES, nativeFile } from './native-files';
import { Contents, inspect } from './package-of';
import { compareVersions } from '../../../../../src/handlers/release/code/inspection/native-file';

const HANDLER = 'def handler(event, context): pass';
const LOADS = `import ctypes\nctypes.CDLL('lib/libnative.so')\n${HANDLER}`;
const IMPORTS = `import fast\n${HANDLER}`;
const X86 = { Runtime: 'python3.13', Handler: 'app.handler', Architectures: ['x86_64'] };
const ARM = { ...X86, Architectures: ['arm64'] };
const PYTHON_3_11 = { ...X86, Runtime: 'python3.11' };
const NODE = { Runtime: 'nodejs24.x', Handler: 'index.handler', Architectures: ['x86_64'] };
const FOR_ARM = compiledFor(MACHINES.arm64);
const GLIBC_2_28 = nativeFile({ versions: ['GLIBC_2.2.5', 'GLIBC_2.28'] });
const MUSL = nativeFile({ needed: ['libc.musl-x86_64.so.1'] });
const MACHO = Buffer.from('cffaedfe0c00000100000000060000000f000000', 'hex');

const python = (files: Contents, app = HANDLER) => ({ 'app.py': app, ...files });
const REQUIRES = "require('fast');\nexports.handler = async () => {};";
const node = (files: Contents, app = 'exports.handler = async () => {};') => ({ 'index.js': app, ...files });

describe('a package is refused when', () => {
  test('a library needs a newer C library than the runtime has', async () => {
    expect(await inspect(python({ 'lib/libnative.so': GLIBC_2_28 }, LOADS), PYTHON_3_11)).toBe(
      "The package can't work on python3.11 (x86_64), so no version was published. lib/libnative.so needs GLIBC_2.28, " +
        'but python3.11 runs on Amazon Linux 2, which has glibc 2.26: use python3.12 or later, ' +
        'or install a version with a wheel for glibc 2.26 or earlier.',
    );
  });

  test('gcc compiled a library on the build machine for the glibc of that machine', async () => {
    expect(await inspect(python({ 'lib/libnative.so': COMPILED }, LOADS), PYTHON_3_11)).toContain('needs GLIBC_2.34');
  });

  test('a library is newer than every runtime', async () => {
    const library = nativeFile({ versions: ['GLIBC_2.38'] });
    expect(await inspect(python({ 'lib/libnative.so': library }, LOADS), X86)).toContain(
      'needs GLIBC_2.38, but python3.13 runs on Amazon Linux 2023, which has glibc 2.34: ' +
        'install a version with a wheel for glibc 2.34 or earlier.',
    );
  });

  test('a library needs relative relocations, which came with glibc 2.36', async () => {
    const library = nativeFile({ versions: ['GLIBC_2.2.5', 'GLIBC_ABI_DT_RELR'] });
    expect(await inspect(python({ 'lib/libnative.so': library }, LOADS), X86)).toContain('needs GLIBC_2.36');
  });

  test('a library is built for the other architecture', async () => {
    expect(await inspect(python({ 'lib/libnative.so': FOR_ARM }, LOADS), X86)).toContain(
      'lib/libnative.so is built for arm64, but the architecture of the function is x86_64: ' +
        'build it for x86_64, or set the architecture of the function to arm64.',
    );
  });

  test('a library is built for a processor that Lambda does not have', async () => {
    expect(await inspect(python({ 'lib/libnative.so': compiledFor(MACHINES.x86) }, LOADS), X86)).toContain(
      'is built for another processor (ELF machine 3)',
    );
  });

  test('a library is built for Alpine Linux', async () => {
    expect(await inspect(python({ 'lib/libnative.so': MUSL }, LOADS), X86)).toContain(
      'is built for musl, the C library of Alpine Linux, but python3.13 has glibc',
    );
  });

  test.each([
    ['needs libc.so, which glibc calls libc.so.6', 'fast/_fast.abi3.so', nativeFile({ needed: ['libc.so'] })],
    ['has musl in its name', 'fast/_fast.cpython-313-x86_64-linux-musl.so', COMPILED],
  ])('a compiled module %s', async (_, name, content) => {
    const files = { 'fast/__init__.py': 'from ._fast import f', [name]: content };
    expect(await inspect(python(files, IMPORTS), X86)).toContain(`${name} is built for musl`);
  });

  test('a compiled module is for another version of Python', async () => {
    const files = {
      'fast/__init__.py': 'from ._fast import f',
      'fast/_fast.cpython-312-x86_64-linux-gnu.so': COMPILED,
    };
    expect(await inspect(python(files, IMPORTS), X86)).toContain(
      'fast/_fast.cpython-312-x86_64-linux-gnu.so is built for Python 3.12, but the runtime is python3.13: ' +
        'install the dependencies with Python 3.13.',
    );
  });

  test('a compiled module that the package needs was installed on macOS', async () => {
    const files = { 'fast/__init__.py': 'from ._fast import f', 'fast/_fast.cpython-313-darwin.so': MACHO };
    expect(await inspect(python(files, IMPORTS), X86)).toContain('is built for macOS, but Lambda runs Linux');
  });

  test('many libraries of one wheel have the same fault, which the message says once', async () => {
    const names = ['a', 'b', 'c'].map((name) => `lib${name}.so`);
    const libraries = Object.fromEntries(names.map((name) => [`fast.libs/${name}`, FOR_ARM]));
    const files = { 'fast.abi3.so': nativeFile({ machine: MACHINES.arm64, needed: names }), ...libraries };
    expect(await inspect(python(files, IMPORTS), X86)).toContain(
      'fast.abi3.so is built for arm64 (3 more files too), but',
    );
  });

  test('the handler is a compiled module for the other architecture', async () => {
    expect(await inspect({ 'app.cpython-313-x86_64-linux-gnu.so': FOR_ARM }, X86)).toContain('is built for arm64');
  });

  test('an addon of Node.js is built for the other architecture', async () => {
    const files = {
      'node_modules/fast/package.json': '{"name": "fast"}',
      'node_modules/fast/index.js': "module.exports = require('./build/Release/fast.node');",
      'node_modules/fast/build/Release/fast.node': FOR_ARM,
    };
    expect(await inspect(node(files, REQUIRES), NODE)).toContain(
      'node_modules/fast/build/Release/fast.node is built for arm64',
    );
  });

  test("an addon of a package's dependency is built for the other architecture", async () => {
    const files = {
      'node_modules/stock/package.json': '{"dependencies": {"fast": "1"}}',
      'node_modules/stock/node_modules/fast/index.js': "module.exports = require('bindings')('fast');",
      'node_modules/stock/node_modules/fast/build/Release/fast.node': FOR_ARM,
    };
    const app = "require('stock');\nexports.handler = async () => {};";
    expect(await inspect(node(files, app), NODE)).toContain('Release/fast.node is built for arm64');
  });

  test("an addon of the user's own is built for the other architecture", async () => {
    const app = "require('./native/fast.node');\nexports.handler = async () => {};";
    expect(await inspect(node({ 'native/fast.node': FOR_ARM }, app), NODE)).toContain(
      'native/fast.node is built for arm64',
    );
  });

  test('a library imports its compiled module in a subpackage, under a condition that is always true', async () => {
    const files = {
      'fast/__init__.py': 'if SETUP:\n    pass\nelse:\n    from . import core',
      'fast/core/__init__.py': 'from .multi import f',
      'fast/core/multi.py': 'from fast.core._fast import f',
      'fast/core/_fast.abi3.so': FOR_ARM,
    };
    expect(await inspect(python(files, IMPORTS), X86)).toContain('fast/core/_fast.abi3.so is built for arm64');
  });

  test('the program of a custom runtime is built for the other architecture, or needs a newer C library', async () => {
    const custom = { Runtime: 'provided.al2', Handler: 'main', Architectures: ['x86_64'] };
    const program = (content: Buffer) => ({ bootstrap: { mode: 0o100755, content } });
    expect(await inspect(program(nativeFile({ executable: true, machine: MACHINES.arm64 })), custom)).toContain(
      'bootstrap is built for arm64',
    );
    const dynamic = nativeFile({ interpreter: '/lib64/ld-linux-x86-64.so.2', versions: ['GLIBC_2.34'] });
    expect(await inspect(program(dynamic), custom)).toContain(
      'bootstrap needs GLIBC_2.34, but provided.al2 runs on Amazon Linux 2, which has glibc 2.26: ' +
        'use provided.al2023 or later, or build it on Amazon Linux 2.',
    );
  });
});

describe('a package passes without a note when', () => {
  test.each<[string, Contents, object]>([
    ['a library fits', python({ 'lib/libnative.so': COMPILED }), X86],
    [
      'a library needs just what the runtime has',
      python({ 'l.so': nativeFile({ versions: ['GLIBC_2.26'] }) }),
      PYTHON_3_11,
    ],
    ['a version is only wanted', python({ 'l.so': nativeFile({ weakVersions: ['GLIBC_2.38'] }) }), X86],
    [
      'the runtime is newer than the library',
      { 'l.so': nativeFile({ versions: ['GLIBC_2.50'] }) },
      { ...X86, Runtime: 'cobol1' },
    ],
    ['a static program fits', python({ 'bin/tool': nativeFile({ executable: true, needed: [] }) }), X86],
    [
      'a prebuilt variant fits',
      node({
        'node_modules/fast/prebuilds/linux-x64/fast.glibc.node': COMPILED,
        'node_modules/fast/prebuilds/linux-x64/fast.musl.node': MUSL,
        'node_modules/fast/prebuilds/linux-arm64/fast.armv8.glibc.node': FOR_ARM,
        'node_modules/fast/prebuilds/linux-arm/fast.armv7.node': compiledFor(MACHINES.arm),
        'node_modules/fast/prebuilds/darwin-x64/fast.node': MACHO,
      }),
      NODE,
    ],
    [
      'a compiled module has a variant for the runtime',
      python({
        'fast/__init__.py': 'from ._fast import f',
        'fast/_fast.cpython-312-x86_64-linux-gnu.so': COMPILED,
        'fast/_fast.cpython-313-x86_64-linux-gnu.so': COMPILED,
        'fast/_fast.cpython-313-aarch64-linux-gnu.so': FOR_ARM,
      }),
      X86,
    ],
    [
      'a fat jar has a library for each platform',
      {
        'com/acme/App.class': Buffer.from('cafebabe00000041', 'hex'),
        'com/sun/jna/linux-riscv64/libjnidispatch.so': FOR_ARM,
      },
      { Runtime: 'java21', Handler: 'com.acme.App' },
    ],
    ['a compiled module is for every version', python({ 'fast/_fast.abi3.so': COMPILED }), X86],
    [
      'the C++ library comes with the package',
      python({ 'x.libs/libstdc++-1.so.6': COMPILED, 'x.so': nativeFile({ versions: ['GLIBCXX_3.4.33'] }) }),
      X86,
    ],
  ])('%s', async (_, contents, configuration) => {
    expect(await inspect(contents, configuration)).toEqual([]);
  });
});

describe('a package passes with a note when the function can do without', () => {
  const SPEEDUPS = 'fast/_speedups.cpython-313-x86_64-linux-gnu.so';
  test.each<[string, Contents, object, string]>([
    [
      'a compiled module that has a substitute',
      python(
        {
          'fast/__init__.py': 'try:\n    from ._speedups import f\nexcept ImportError:\n    from ._slow import f',
          [SPEEDUPS]: FOR_ARM,
        },
        IMPORTS,
      ),
      X86,
      `${SPEEDUPS} is built for arm64`,
    ],
    [
      'a compiled module whose importer has a substitute',
      python(
        {
          'fast/__init__.py': 'try:\n    from .compiled import *\nexcept ImportError:\n    pass',
          'fast/compiled.py': 'from fast._speedups import f',
          [SPEEDUPS]: FOR_ARM,
        },
        IMPORTS,
      ),
      X86,
      SPEEDUPS,
    ],
    [
      'a compiled module under a condition that a guarded import decides',
      python(
        {
          'fast/_compat.py': 'try:\n    from . import _speedups\nexcept ImportError:\n    FAST = False',
          'fast/__init__.py':
            'from ._compat import FAST\nif FAST:\n    from ._speedups import f\nelse:\n    from ._slow import f',
          [SPEEDUPS]: FOR_ARM,
        },
        IMPORTS,
      ),
      X86,
      SPEEDUPS,
    ],
    [
      'a compiled module whose name Python does not find, beside the same in Python',
      python(
        {
          'fast/__init__.py': 'from ._speedups import f',
          'fast/_speedups.py': 'def f(): pass',
          'fast/_speedups.cpython-312-x86_64-linux-gnu.so': COMPILED,
        },
        IMPORTS,
      ),
      X86,
      'is built for Python 3.12',
    ],
    [
      'a subpackage with a substitute',
      python(
        {
          'fast/__init__.py': 'try:\n    from . import compiled\nexcept ImportError:\n    compiled = None',
          'fast/compiled/__init__.py': 'from ._speedups import f',
          'fast/compiled/_speedups.abi3.so': FOR_ARM,
        },
        IMPORTS,
      ),
      X86,
      'fast/compiled/_speedups.abi3.so is built for arm64',
    ],
    [
      'the library of a module that has a substitute',
      python(
        {
          'fast/__init__.py': 'try:\n    from ._speedups import f\nexcept ImportError:\n    pass',
          'fast/_speedups.abi3.so': nativeFile({ machine: MACHINES.arm64, needed: ['libfast-1.so'] }),
          'fast.libs/libfast-1.so': FOR_ARM,
        },
        IMPORTS,
      ),
      X86,
      '(1 more file too)',
    ],
    [
      'what mypyc compiled',
      python({ 'ab12__mypyc.cpython-313-x86_64-linux-gnu.so': FOR_ARM }),
      X86,
      'is built for arm64',
    ],
    [
      'a library with another platform in its name',
      python({ 'debugger/attach_linux_arm64.so': FOR_ARM }),
      X86,
      'is built for arm64',
    ],
    ['a program', python({ 'bin/tool': nativeFile({ executable: true, machine: MACHINES.arm64 }) }), X86, 'bin/tool'],
    ['the library of a test', python({ 'fast/tests/libtest.so': FOR_ARM }), X86, 'fast/tests/libtest.so'],
    [
      'a newer C++ library',
      python({ 'fast.so': nativeFile({ versions: ['GLIBCXX_3.4.33'] }) }),
      X86,
      'needs GLIBCXX_3.4.33',
    ],
    [
      'an addon of an optional package',
      node(
        {
          'node_modules/ws/package.json':
            '{"dependencies": {"slow": "1"}, "peerDependenciesMeta": {"fast": {"optional": true}}}',
          'node_modules/fast/index.js': "module.exports = require('bindings')('fast');",
          'node_modules/fast/build/Release/fast.node': FOR_ARM,
        },
        REQUIRES,
      ),
      NODE,
      'node_modules/fast/build/Release/fast.node is built for arm64',
    ],
    [
      'an addon that has a substitute',
      node(
        {
          'package.json': '{"dependencies": {"fast": "1"}}',
          'node_modules/fast/index.js':
            "try { module.exports = require('node-gyp-build')(__dirname); } catch (e) { module.exports = require('./slow'); }",
          'node_modules/fast/build/Release/fast.node': FOR_ARM,
        },
        REQUIRES,
      ),
      NODE,
      'node_modules/fast/build/Release/fast.node',
    ],
    [
      'a compiled module that nothing imports',
      python({ 'fast/__init__.py': 'from ._fast import f', 'fast/_fast.abi3.so': FOR_ARM }),
      X86,
      'fast/_fast.abi3.so is built for arm64',
    ],
    [
      'a compiled module that a function, or a type checker, imports',
      python(
        { 'fast/__init__.py': 'from ._fast import f', 'fast/_fast.abi3.so': FOR_ARM },
        `if TYPE_CHECKING:\n    import fast\ndef g():\n    import fast\n${HANDLER}`,
      ),
      X86,
      'fast/_fast.abi3.so is built for arm64',
    ],
    [
      'a compiled module of which the importer suppresses the error',
      python({ 'fast.abi3.so': FOR_ARM }, `with suppress(ImportError):\n    import fast\n${HANDLER}`),
      X86,
      'fast.abi3.so is built for arm64',
    ],
    [
      'a library that no module names',
      python({ 'lib/libnative.so': FOR_ARM }),
      X86,
      'lib/libnative.so is built for arm64',
    ],
    [
      'a library whose user catches errors',
      python(
        { 'libnative.so': FOR_ARM },
        `import ctypes\ntry:\n    ctypes.CDLL('libnative.so')\nexcept OSError:\n    pass\n${HANDLER}`,
      ),
      X86,
      'libnative.so is built for arm64',
    ],
    [
      'a library beside the program of a custom runtime',
      { bootstrap: { mode: 0o100755, content: Buffer.from('#!/bin/sh') }, 'plugins/fast.so': FOR_ARM },
      { Runtime: 'provided.al2023', Handler: 'main' },
      'plugins/fast.so is built for arm64',
    ],
    [
      'an addon that only packages for the development need',
      node({
        'package.json': '{"devDependencies": {"fast": "1"}}',
        'node_modules/fast/index.js': "module.exports = require('bindings')('fast');",
        'node_modules/fast/build/Release/fast.node': FOR_ARM,
      }),
      NODE,
      'node_modules/fast/build/Release/fast.node',
    ],
    ['an addon for macOS', node({ 'node_modules/fsevents/fsevents.node': MACHO }), NODE, 'is built for macOS'],
  ])('%s', async (_, contents, configuration, note) => {
    expect(await inspect(contents, configuration)).toEqual([expect.stringContaining(note)]);
  });
});

describe('a package is refused although there is a `try`, when', () => {
  const refusal = expect.stringContaining("The package can't work");
  test('its handlers raise', async () => {
    const files = {
      'fast/__init__.py':
        'try:\n    from ._fast import f\nexcept ImportError as e:\n    raise ImportError("broken") from e',
      'fast/_fast.abi3.so': FOR_ARM,
    };
    expect(await inspect(python(files, IMPORTS), X86)).toEqual(refusal);
  });

  test('another module imports the compiled one without it', async () => {
    const files = {
      'fast/__init__.py': 'from . import core\ntry:\n    from . import extra\nexcept ImportError:\n    pass',
      'fast/core.py': 'from ._fast import f',
      'fast/extra.py': 'from ._fast import g',
      'fast/_fast.abi3.so': FOR_ARM,
    };
    expect(await inspect(python(files, IMPORTS), X86)).toEqual(refusal);
  });

  test('the right name is loaded before the same in Python', async () => {
    const files = {
      'fast/__init__.py': 'from ._fast import f',
      'fast/_fast.py': 'def f(): pass',
      'fast/_fast.cpython-311-x86_64-linux-gnu.so': GLIBC_2_28,
    };
    expect(await inspect(python(files, IMPORTS), PYTHON_3_11)).toEqual(refusal);
  });

  test('an addon throws when it is not loaded', async () => {
    const files = {
      'node_modules/fast/index.js':
        "try { module.exports = require('bindings')('fast'); } catch (e) { throw new Error('not built'); }",
      'node_modules/fast/build/Release/fast.node': FOR_ARM,
    };
    expect(await inspect(node(files, REQUIRES), NODE)).toEqual(refusal);
  });
});

test('looks for the other architecture in a function for arm64 too', async () => {
  expect(await inspect(python({ 'lib/libnative.so': COMPILED }, LOADS), ARM)).toContain('is built for x86_64');
  expect(await inspect(python({ 'lib/libnative.so': FOR_ARM }), ARM)).toEqual([]);
});

test.each([
  ['2.4', '2.17', -1],
  ['2.17', '2.17', 0],
  ['2.34', '2.26', 1],
  ['2.2.5', '2.2', 1],
  ['3.4.9', '3.4.29', -1],
])('compares version %s with %s number by number', (one, other, sign) => {
  expect(Math.sign(compareVersions(one, other))).toBe(sign);
});
