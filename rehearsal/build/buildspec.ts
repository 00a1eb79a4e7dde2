import { FAILSAFE_SCHEMA, load } from 'js-yaml';

/** The phases of a build that hold commands, in their order. */
export const PHASES = ['install', 'pre_build', 'build', 'post_build'] as const;

/** Name of a phase, as the buildspec writes it. */
export type PhaseName = (typeof PHASES)[number];

/** A phase of a buildspec. */
export interface PhaseSpec {
  readonly name: PhaseName;
  readonly commands: string[];
  readonly finally: string[];
  readonly onFailure?: 'ABORT' | 'CONTINUE';
}

/** Files of a buildspec: those of a report or of the artifact. */
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

/** A variable whose value lies elsewhere. */
export interface StoredVariable {
  readonly name: string;
  readonly type: string;
  /** The name of the parameter, or the name of the secret with what CodeBuild takes of it. */
  readonly value: string;
}

/** A buildspec, https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html. */
export interface BuildSpec {
  readonly shell: 'sh' | 'bash';
  readonly variables: Record<string, string>;
  /** Variables whose values lie elsewhere. */
  readonly stored: StoredVariable[];
  readonly exportedVariables: string[];
  readonly runtimeVersions: Record<string, string>;
  readonly phases: PhaseSpec[];
  readonly reports: ReportSpec[];
  readonly artifact?: ArtifactSpec;
  /** What a project with a cache keeps. */
  readonly cachePaths: string[];
  /** What the buildspec asks for and the rehearsal leaves out. */
  readonly notes: string[];
}

/** A buildspec that CodeBuild refuses too. */
export class BuildSpecError extends Error {}

/** Reads a buildspec, which is YAML (or JSON, as the CDK writes it). What CodeBuild knows and the rehearsal doesn't is an error. */
export function parseBuildSpec(text: string): BuildSpec {
  const spec = mapping(parseYaml(text), 'the buildspec', [
    'version',
    'run-as',
    'env',
    'proxy',
    'phases',
    'reports',
    'artifacts',
    'cache',
    'batch',
  ]);
  const env = mapping(spec.env, 'env', [
    'shell',
    'variables',
    'parameter-store',
    'exported-variables',
    'secrets-manager',
    'git-credential-helper',
  ]);
  if (spec.version !== '0.2') {
    throw new BuildSpecError(`the buildspec has version ${spec.version ?? 'none'}; the rehearsal takes 0.2`);
  }
  refuse(spec, 'the buildspec', ['run-as', 'batch']);
  const phases = mapping(spec.phases, 'phases', PHASES);
  const { paths, ...keys } = mapping(spec.cache, 'cache', ['paths', 'key', 'fallback-keys', 'action']);
  return {
    shell: shellOf(env.shell),
    variables: mapping(env.variables, 'env/variables'),
    stored: ['parameter-store', 'secrets-manager'].flatMap((store) =>
      Object.entries(mapping(env[store], `env/${store}`)).map(([name, value]) => ({
        name,
        value,
        type: store.toUpperCase().replace('-', '_'),
      })),
    ),
    exportedVariables: list(env['exported-variables']),
    runtimeVersions: mapping(phases.install?.['runtime-versions'], 'phases/install/runtime-versions'),
    phases: PHASES.filter((name) => name in phases).map((name) => phaseOf(name, phases[name])),
    reports: Object.entries(mapping(spec.reports, 'reports')).map(([name, report]) => reportOf(name, report)),
    artifact: spec.artifacts && artifactOf(spec.artifacts),
    cachePaths: list(paths),
    notes: [
      ...Object.keys(keys).map(
        (key) =>
          `cache/${key} of the buildspec is left out: the rehearsal has one cache for the project, restores it and saves it`,
      ),
      ...(spec.proxy ? ['the proxy settings of the buildspec are left out'] : []),
    ],
  };
}

function phaseOf(name: PhaseName, value: unknown): PhaseSpec {
  const place = `phases/${name}`;
  const phase = mapping(value, place, ['run-as', 'on-failure', 'runtime-versions', 'commands', 'finally']);
  refuse(phase, place, ['run-as']);
  const onFailure = phase['on-failure'];
  if (onFailure?.startsWith('RETRY')) {
    throw new Error(`${place}/on-failure ${onFailure} is not rehearsed: ABORT and CONTINUE are`);
  }
  if (onFailure && onFailure !== 'ABORT' && onFailure !== 'CONTINUE') {
    throw new BuildSpecError(`${place}/on-failure is ABORT, CONTINUE or RETRY, got ${onFailure}`);
  }
  return { name, commands: list(phase.commands), finally: list(phase.finally), onFailure };
}

function reportOf(name: string, value: unknown): ReportSpec {
  const report = mapping(value, `reports/${name}`, ['files', 'base-directory', 'discard-paths', 'file-format']);
  return { name, fileFormat: report['file-format'] ?? 'JUNITXML', ...filesOf(report, `reports/${name}`) };
}

function artifactOf(value: unknown): ArtifactSpec {
  const known = [
    'files',
    'name',
    'base-directory',
    'discard-paths',
    'exclude-paths',
    'enable-symlinks',
    's3-prefix',
    'secondary-artifacts',
  ];
  const artifact = mapping(value, 'artifacts', known);
  refuse(artifact, 'artifacts', ['secondary-artifacts', 's3-prefix']);
  if (isYes(artifact['enable-symlinks'])) {
    throw new Error('artifacts/enable-symlinks is not rehearsed: links are followed');
  }
  return { excludePaths: list(artifact['exclude-paths']), ...filesOf(artifact, 'artifacts') };
}

function filesOf(value: Record<string, any>, place: string): FilesSpec {
  const files = list(value.files);
  if (!files.length) {
    throw new BuildSpecError(`${place}/files is missing: name at least one file, or **/* for all`);
  }
  return { files, baseDirectory: value['base-directory'] ?? '.', discardPaths: isYes(value['discard-paths']) };
}

function shellOf(shell: string | undefined): 'sh' | 'bash' {
  if (shell === undefined || shell === '/bin/sh') {
    return 'sh';
  }
  if (shell === 'sh' || shell === 'bash') {
    return shell;
  }
  throw new Error(`env/shell ${shell} is not rehearsed: sh and bash are`);
}

/** All scalars are read as text, because 3.10 is a version and no number. */
function parseYaml(text: string): unknown {
  try {
    return load(text, { schema: FAILSAFE_SCHEMA });
  } catch (error) {
    throw new BuildSpecError(`the buildspec is not YAML: ${(error as Error).message}`);
  }
}

function mapping(value: unknown, place: string, known?: readonly string[]): Record<string, any> {
  if (isEmpty(value)) {
    return {};
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BuildSpecError(`${place} is a mapping, got ${JSON.stringify(value)}`);
  }
  const unknown = Object.keys(value).filter((key) => known && !known.includes(key));
  if (unknown.length) {
    throw new BuildSpecError(`${place} has unknown keys: ${unknown.join(', ')}; known are ${known!.join(', ')}`);
  }
  return value;
}

function refuse(value: Record<string, unknown>, place: string, keys: string[]): void {
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
