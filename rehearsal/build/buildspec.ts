import { FAILSAFE_SCHEMA, load } from 'js-yaml';

/** The phases with commands, in order. */
export const PHASES = ['install', 'pre_build', 'build', 'post_build'] as const;

const KEYS = ['version', 'run-as', 'env', 'proxy', 'phases', 'reports', 'artifacts', 'cache', 'batch'];
const ENV_KEYS = [
  'shell',
  'variables',
  'parameter-store',
  'exported-variables',
  'secrets-manager',
  'git-credential-helper',
];
const ARTIFACT_KEYS = [
  'files',
  'name',
  'base-directory',
  'discard-paths',
  'exclude-paths',
  'enable-symlinks',
  's3-prefix',
  'secondary-artifacts',
];

/** The name of a phase in a buildspec. */
export type PhaseName = (typeof PHASES)[number];

/** A phase of a buildspec. */
export interface PhaseSpec {
  readonly name: PhaseName;
  readonly commands: string[];
  readonly finally: string[];
  readonly onFailure?: 'ABORT' | 'CONTINUE';
}

/** The files of a report or of the artifact. */
export interface FilesSpec {
  readonly files: string[];
  readonly baseDirectory: string;
  readonly discardPaths: boolean;
}

/** A report of a buildspec. */
export interface ReportSpec extends FilesSpec {
  readonly name: string;
  readonly fileFormat: string;
}

/** The artifact of a buildspec. */
export interface ArtifactSpec extends FilesSpec {
  readonly excludePaths: string[];
}

/** A variable with its value in a secret or a parameter. */
export interface StoredVariable {
  readonly name: string;
  /** Default: PLAINTEXT. */
  readonly type?: string;
  /** The name of the parameter, or the reference to the secret and its field. */
  readonly value: string;
}

/** A buildspec: https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html */
export interface BuildSpec {
  readonly shell: 'sh' | 'bash';
  readonly variables: Record<string, string>;
  /** The variables with values in secrets and parameters. */
  readonly stored: StoredVariable[];
  readonly exportedVariables: string[];
  readonly runtimeVersions: Record<string, string>;
  readonly phases: PhaseSpec[];
  readonly reports: ReportSpec[];
  readonly artifact?: ArtifactSpec;
  /** The paths to cache. */
  readonly cachePaths: string[];
  /** Settings that the rehearsal ignores. */
  readonly notes: string[];
}

/** An error that CodeBuild reports too. */
export class BuildSpecError extends Error {}

/** Returns the path of the buildspec in the source, or undefined for the text of a buildspec. */
export function buildSpecFile(given: string): string | undefined {
  const isFile = given === '' || (!given.includes('\n') && /\.(ya?ml|json)$/.test(given));
  return isFile ? given || 'buildspec.yml' : undefined;
}

/** Parses a buildspec in YAML or JSON. Fails for settings of CodeBuild that are not rehearsed. */
export function parseBuildSpec(source: string): BuildSpec {
  const spec = mapping(parseYaml(source), 'the buildspec', KEYS);
  const env = mapping(spec.env, 'env', ENV_KEYS);
  if (spec.version !== '0.2') {
    throw new BuildSpecError(`the version of the buildspec must be 0.2, got ${spec.version ?? 'none'}`);
  }
  refuse(spec, 'the buildspec', ['run-as', 'batch']);
  const phases = mapping(spec.phases, 'phases', PHASES);
  const { paths, ...keys } = mapping(spec.cache, 'cache', ['paths', 'key', 'fallback-keys', 'action']);
  return {
    shell: shellOf(env.shell),
    variables: texts(env.variables, 'env/variables'),
    stored: ['parameter-store', 'secrets-manager'].flatMap((store) => storedVariables(store, env[store])),
    exportedVariables: list(env['exported-variables']),
    runtimeVersions: runtimeVersions(phases.install),
    phases: PHASES.filter((name) => name in phases).map((name) => phaseOf(name, phases[name])),
    reports: Object.entries(mapping(spec.reports, 'reports')).map(([name, report]) => reportOf(name, report)),
    artifact: isEmpty(spec.artifacts) ? undefined : artifactOf(spec.artifacts),
    cachePaths: list(paths),
    notes: [
      ...Object.keys(keys).map(
        (key) => `cache/${key} of the buildspec is ignored: the rehearsal restores and saves one cache for the project`,
      ),
      ...(spec.proxy ? ['the proxy settings of the buildspec are ignored'] : []),
    ],
  };
}

function storedVariables(store: string, value: unknown): StoredVariable[] {
  const type = store.toUpperCase().replace('-', '_');
  return Object.entries(texts(value, `env/${store}`)).map(([name, reference]) => ({ name, value: reference, type }));
}

function runtimeVersions(install: unknown): Record<string, string> {
  const { 'runtime-versions': versions } = (install || {}) as Mapping;
  return texts(versions, 'phases/install/runtime-versions');
}

function phaseOf(name: PhaseName, value: unknown): PhaseSpec {
  const place = `phases/${name}`;
  const phase = mapping(value, place, ['run-as', 'on-failure', 'runtime-versions', 'commands', 'finally']);
  refuse(phase, place, ['run-as']);
  const onFailure = text(phase['on-failure']) || undefined;
  if (onFailure?.startsWith('RETRY')) {
    throw new Error(`${place}/on-failure ${onFailure} is not rehearsed; rehearsed are ABORT and CONTINUE`);
  }
  if (onFailure !== undefined && onFailure !== 'ABORT' && onFailure !== 'CONTINUE') {
    throw new BuildSpecError(`${place}/on-failure must be ABORT, CONTINUE or RETRY, got ${onFailure}`);
  }
  return { name, commands: list(phase.commands), finally: list(phase.finally), onFailure };
}

function reportOf(name: string, value: unknown): ReportSpec {
  const report = mapping(value, `reports/${name}`, ['files', 'base-directory', 'discard-paths', 'file-format']);
  return { name, fileFormat: text(report['file-format']) ?? 'JUNITXML', ...filesOf(report, `reports/${name}`) };
}

function artifactOf(value: unknown): ArtifactSpec {
  const artifact = mapping(value, 'artifacts', ARTIFACT_KEYS);
  refuse(artifact, 'artifacts', ['secondary-artifacts', 's3-prefix']);
  if (isYes(artifact['enable-symlinks'])) {
    throw new Error('artifacts/enable-symlinks is not rehearsed: the rehearsal follows links');
  }
  return { excludePaths: list(artifact['exclude-paths']), ...filesOf(artifact, 'artifacts') };
}

function filesOf(value: Mapping, place: string): FilesSpec {
  const files = list(value.files);
  if (!files.length) {
    throw new BuildSpecError(`${place}/files must contain at least one file; use **/* for all files`);
  }
  return { files, baseDirectory: text(value['base-directory']) ?? '.', discardPaths: isYes(value['discard-paths']) };
}

function shellOf(value: unknown): 'sh' | 'bash' {
  const shell = text(value);
  if (shell === undefined || shell === '/bin/sh') {
    return 'sh';
  }
  if (shell === 'sh' || shell === 'bash') {
    return shell;
  }
  throw new Error(`env/shell ${shell} is not rehearsed; rehearsed are sh and bash`);
}

/** Parses YAML with all scalars as texts, because 3.10 is a version and not a number. */
function parseYaml(source: string): unknown {
  try {
    return load(source, { schema: FAILSAFE_SCHEMA });
  } catch (error) {
    throw new BuildSpecError(`the buildspec is not YAML: ${(error as Error).message}`);
  }
}

type Mapping = Record<string, unknown>;

function mapping(value: unknown, place: string, known?: readonly string[]): Mapping {
  if (isEmpty(value)) {
    return {};
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BuildSpecError(`${place} must be a mapping, got ${JSON.stringify(value)}`);
  }
  const unknown = Object.keys(value).filter((key) => known && !known.includes(key));
  if (unknown.length) {
    throw new BuildSpecError(`${place} has unknown keys: ${unknown.join(', ')}; known keys are ${known!.join(', ')}`);
  }
  return value as Mapping;
}

function texts(value: unknown, place: string): Record<string, string> {
  return mapping(value, place) as Record<string, string>; // all scalars are texts
}

function text(value: unknown): string | undefined {
  return value as string | undefined;
}

function refuse(value: Mapping, place: string, keys: string[]): void {
  const used = keys.filter((key) => value[key] !== undefined);
  if (used.length) {
    throw new Error(`${used.join(', ')} in ${place} is not rehearsed`);
  }
}

function list(value: unknown): string[] {
  if (isEmpty(value)) {
    return [];
  }
  return Array.isArray(value) ? value.map(String) : [String(value)];
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function isYes(value: unknown): boolean {
  return value === 'yes' || value === 'true';
}
