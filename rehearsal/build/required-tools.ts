import * as path from 'node:path';
import { BuildSpec } from './buildspec';
import { versionHere } from './tool-version';
import { NotRehearsedError } from '../base/aws-error';

/** A tool, and how to find its version. */
interface Tool {
  readonly name: string;
  readonly command: string[];
}

/** The languages of `runtime-versions`. */
const LANGUAGES: Record<string, Tool> = {
  dotnet: { name: 'the .NET SDK', command: ['dotnet', '--version'] },
  golang: { name: 'Go', command: ['go', 'version'] },
  java: { name: 'a JDK', command: ['java', '-version'] },
  nodejs: { name: 'Node.js', command: ['node', '--version'] },
  php: { name: 'PHP', command: ['php', '--version'] },
  ruby: { name: 'Ruby', command: ['ruby', '--version'] },
};

/** The version of the engine: the client alone runs nothing. */
const DOCKER: Tool = { name: 'Docker', command: ['docker', 'version', '--format', '{{.Server.Version}}'] };
const GRADLE: Tool = { name: 'Gradle', command: ['gradle', '--version'] };
const GRADLE_FILES = ['build.gradle', 'build.gradle.kts', 'settings.gradle', 'settings.gradle.kts'];

/** The tools of the recipes, by the program and the file that it finds in the source directory or above it. */
const RECIPES: Record<string, Record<string, Tool>> = {
  java: {
    'pom.xml': { name: 'Maven', command: ['mvn', '--version'] },
    ...Object.fromEntries(GRADLE_FILES.map((file) => [file, GRADLE])),
  },
  provided: { 'go.mod': LANGUAGES.golang, 'Cargo.toml': { name: 'Rust', command: ['cargo', '--version'] } },
  ruby: { Gemfile: { name: 'Bundler', command: ['bundle', '--version'] } },
};

/** The input of the check. */
export interface ToolSearch {
  /** The value of PATH. */
  readonly searched: string;
  /** Whether a path of the source exists. */
  readonly exists: (file: string) => boolean;
}

/** Fails if this machine lacks a tool that a build needs. */
export function checkTools(spec: BuildSpec, { searched, exists }: ToolSearch): void {
  const commands = spec.phases.flatMap((phase) => [...phase.commands, ...phase.finally]).join('\n');
  if (/\bdocker push\b/.test(commands)) {
    throw new NotRehearsedError(
      'the build of a container image, because the rehearsal has no registry for images. ' +
        'It releases images of Source.ecr, and images whose build specification only writes imageDetail.json',
    );
  }
  if (/\bdocker (build|run)\b/.test(commands) && versionHere(DOCKER.command, searched) === undefined) {
    throw missing(DOCKER, 'Docker');
  }
  const program = /"\$RECIPE\/(\w+)\.py"/.exec(commands)?.[1] ?? '';
  const tool = toolOf(RECIPES[program] ?? {}, spec.variables, exists);
  if (tool && versionHere(tool.command, searched) === undefined) {
    throw missing(tool, tool.name);
  }
  for (const [language, version] of Object.entries(spec.runtimeVersions)) {
    const known = program === 'provided' ? undefined : LANGUAGES[language]; // either Go or Rust, as found above
    if (known && versionHere(known.command, searched) === undefined) {
      throw missing({ ...known, name: `${known.name} ${version.replace(/^\D+/, '')}` }, `${language} ${version}`);
    }
  }
}

function missing({ name, command }: Tool, what: string): NotRehearsedError {
  return new NotRehearsedError(
    `a build with ${what}, which this machine does not have: ` +
      `install ${name}, so that "${command.join(' ')}" succeeds`,
  );
}

/** Returns the tool for the build file that the recipe uses. A wrapper of Gradle brings Gradle. */
function toolOf(
  tools: Record<string, Tool>,
  { RECIPE_DEPENDENCIES: named, RECIPE_SOURCE: source = '.' }: Record<string, string>,
  exists: ToolSearch['exists'],
): Tool | undefined {
  const folders = upward(path.posix.normalize(named ? path.posix.dirname(named) : source));
  const hasFile = (folder: string, name: string) => exists(path.posix.join(folder, name));
  const found = named
    ? path.posix.basename(named)
    : folders.flatMap((folder) => Object.keys(tools).filter((name) => hasFile(folder, name)))[0];
  const tool = found === undefined ? undefined : tools[found];
  return tool === GRADLE && folders.some((folder) => hasFile(folder, 'gradlew')) ? undefined : tool;
}

/** Returns a folder of the source and its parents. */
function upward(folder: string): string[] {
  return folder === '.' || folder === '/' ? ['.'] : [folder, ...upward(path.posix.dirname(folder))];
}

/** Returns the command that prints the version of a language. */
export function versionCommand(language: string): string[] {
  return LANGUAGES[language]?.command ?? [language, '--version'];
}
