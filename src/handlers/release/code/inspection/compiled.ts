import { Finding } from './finding';
import { PackageFiles } from './package-files';
import { Target } from './target';
import { FAMILIES } from '../../runtimes';
import { isLink, ZipEntry } from '../zip/zip-entry';

/** The version of class files that Java 1.0 loads, minus one: version 65 needs Java 21. */
const CLASS_FILE_OFFSET = 44;
const CLASS_FILE_MAGIC = 0xcafebabe;
const ELF_MAGIC = '\x7fELF';

/** Checks the program of a runtime that is not a language: Lambda starts `bootstrap`. */
export async function inspectBootstrap(files: PackageFiles, target: Target): Promise<Finding[]> {
  const entry = files.find('bootstrap');
  if (!entry || isLink(entry)) {
    return []; // in a layer, or another file
  }
  const start = (await (await files.readerOf(entry))(0, Math.min(entry.size, 256))).toString('latin1');
  const problem = problemOfProgram(entry, start);
  return problem ? [{ file: 'bootstrap', ...problem, allowed: `${target.runtime} runs it`, certain: true }] : [];
}

function problemOfProgram({ mode }: ZipEntry, start: string): Pick<Finding, 'found' | 'remedy'> | undefined {
  // A mode of 0 says nothing: such a file is made executable.
  if (mode !== 0 && !/[1357]/.test((mode % 0o1000).toString(8))) {
    return { found: 'is not executable', remedy: 'run chmod +x bootstrap before the zip is made' };
  }
  if (start.startsWith(ELF_MAGIC)) {
    return undefined;
  }
  const [firstLine] = start.split('\n');
  if (!firstLine.startsWith('#!')) {
    return {
      found: 'is neither a program for Linux nor a script',
      remedy: 'build it for Linux, or begin it with #!/bin/sh',
    };
  }
  return firstLine.endsWith('\r')
    ? { found: 'has Windows line endings, so its interpreter is not found', remedy: 'convert it to Unix line endings' }
    : undefined;
}

/** Checks the version of the handler's class, if it is not in a jar. */
export async function inspectClass(files: PackageFiles, { handler, runtime }: Target): Promise<Finding[]> {
  const [file] = FAMILIES.java.handlerFiles(handler);
  const entry = files.find(file);
  const java = Number(/^java(\d+)/.exec(runtime)?.[1]);
  const head = entry && entry.size >= 8 ? await (await files.readerOf(entry))(0, 8) : undefined;
  if (!head || head.readUInt32BE(0) !== CLASS_FILE_MAGIC || head.readUInt16BE(6) <= java + CLASS_FILE_OFFSET) {
    return [];
  }
  return [
    {
      file,
      found: `is compiled for Java ${head.readUInt16BE(6) - CLASS_FILE_OFFSET}`,
      allowed: `the runtime is ${runtime}`,
      remedy: `compile with --release ${java}`,
      certain: true,
    },
  ];
}

/** Checks that the assembly of a .NET function has the file from which .NET knows its runtime. */
export function inspectAssembly(files: PackageFiles, { handler }: Target): Finding[] {
  const assembly = handler.split('::')[0];
  const file = `${assembly}.runtimeconfig.json`;
  if (!files.has(`${assembly}.dll`) || files.has(file)) {
    return [];
  }
  return [
    {
      file: `${assembly}.dll`,
      found: 'is in the package',
      allowed: `${file} is missing`,
      remedy: 'publish with dotnet publish, or set GenerateRuntimeConfigurationFiles in the project',
      certain: false,
    },
  ];
}

/** Checks the method in the handler's file, if that file loads no others. */
export async function inspectRuby(files: PackageFiles, { handler }: Target): Promise<Finding[]> {
  const [file] = FAMILIES.ruby.handlerFiles(handler);
  const text = await files.readSource(file);
  const method = handler.slice(handler.lastIndexOf('.') + 1);
  const definesMore = /\b(require|require_relative|load|autoload|include|extend|eval|instance_eval|define_method)\b/;
  if (text === undefined || definesMore.test(text) || new RegExp(`\\b${method}\\b`).test(text)) {
    return [];
  }
  return [
    {
      file,
      found: `defines no ${method}`,
      allowed: `the handler is ${handler}`,
      remedy: 'correct the handler of the function, or define it in the file',
      certain: true,
    },
  ];
}
