import * as fs from 'node:fs';
import * as path from 'node:path';
import { BuildSpec, BuildSpecError, buildSpecFile, parseBuildSpec, PhaseSpec, StoredVariable } from './buildspec';
import { CacheStore, restoreCache, saveCache } from './cache';
import { baseEnvironment, machineVariables, pythonEnvironment, versionNotes } from './environment';
import { ArtifactError, writeArtifact } from './files';
import { TestSummary } from './junit';
import { OutgoingConnections } from './outgoing';
import { readReports, Reports } from './reports';
import { checkTools } from './required-tools';
import { BuildShell, TIMED_OUT } from './shell';

/** A build to run. */
export interface BuildRequest {
  /** The buildspec, or its path in the source. Empty for `buildspec.yml`. */
  readonly buildSpec: string;
  readonly sourceFolder: string;
  /** A folder that only this build uses. */
  readonly workFolder: string;
  readonly environment: Record<string, string>;
  readonly timeoutSeconds: number;
  /** Returns the value of a secret or a parameter. */
  readonly readStored: (variable: StoredVariable) => string;
  /** The cache of the project. */
  readonly cache?: CacheStore;
  readonly onLine: (line: string) => void;
}

/** A completed phase of a build. */
export interface BuildPhase {
  readonly name: string;
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT';
  readonly seconds: number;
  readonly message?: string;
}

/** The result of a build. */
export interface BuildResult extends Pick<Reports, 'tests' | 'coverage' | 'reports'> {
  readonly succeeded: boolean;
  readonly phases: BuildPhase[];
  /** The phase, the command, the exit code and the last lines of the output. */
  readonly failure?: string;
  /** Why a recipe made no test report. */
  readonly testNote?: string;
  /** The path of the zip with the output artifact. */
  readonly artifact?: string;
  readonly exportedVariables: Record<string, string>;
  /** Differences from the build in CodeBuild. */
  readonly notes: string[];
}

/** Runs a buildspec as CodeBuild does: in a real shell, in a copy of the source, with only the given credentials. */
export async function runBuild(request: BuildRequest): Promise<BuildResult> {
  const outgoing = request.environment.CODEARTIFACT_REPOSITORY ? await OutgoingConnections.start() : undefined;
  try {
    const source = path.join(request.workFolder, 'src');
    fs.cpSync(request.sourceFolder, source, { recursive: true, verbatimSymlinks: true });
    const spec = parseBuildSpec(readBuildSpec(request.buildSpec, source));
    const result = await new Build(request, spec, source, outgoing).run();
    return { ...result, notes: [...result.notes, ...(outgoing?.stop() ?? [])] };
  } catch (error) {
    if (!(error instanceof BuildSpecError)) {
      throw error;
    }
    const message = `YAML_FILE_ERROR: ${error.message}`;
    return {
      succeeded: false,
      exportedVariables: {},
      notes: [],
      reports: [],
      failure: `DOWNLOAD_SOURCE: ${message}`,
      phases: [{ name: 'DOWNLOAD_SOURCE', status: 'FAILED', seconds: 0, message }],
    };
  } finally {
    outgoing?.stop();
  }
}

/** The failure of a phase. */
interface Failure {
  readonly message: string;
  readonly timedOut: boolean;
  /** The last lines of the output. */
  readonly lines: string[];
}

/** A run of a buildspec. */
class Build {
  private readonly phases: BuildPhase[] = [];
  private readonly notes: string[];
  /** Versions that may be the cause of a failure here. */
  private readonly differences: string[];
  private readonly shell: BuildShell;
  private readonly recent: string[] = [];
  /** The cache of the project, if the buildspec has paths for it. */
  private readonly cache?: CacheStore;
  private failure?: string;
  private testNote?: string;

  constructor(
    private readonly request: BuildRequest,
    private readonly spec: BuildSpec,
    private readonly source: string,
    outgoing?: OutgoingConnections,
  ) {
    this.cache = spec.cachePaths.length ? request.cache : undefined;
    const base: Record<string, string> = {
      ...baseEnvironment(request.workFolder, this.cache !== undefined),
      CODEBUILD_SRC_DIR: source,
    };
    checkTools(spec, { searched: base.PATH, exists: (name) => fs.existsSync(path.join(source, name)) });
    const versions = versionNotes(spec, base.PATH);
    this.notes = [...spec.notes, ...cacheNotes(spec, request), ...versions];
    this.differences = versions.map((note) => `This machine differs from the build image: ${note}`);
    this.shell = new BuildShell({
      shell: spec.shell,
      folder: path.join(request.workFolder, 'shell'),
      sourceFolder: source,
      environment: {
        ...base,
        ...outgoing?.variables(base),
        ...pythonEnvironment(spec, request.workFolder, base.PATH),
        ...spec.variables,
        ...machineVariables(spec),
        ...this.storedVariables(),
        ...request.environment,
      },
      timeoutSeconds: request.timeoutSeconds,
      onLine: (line) => this.line(line),
    });
  }

  private storedVariables(): Record<string, string> {
    return Object.fromEntries(this.spec.stored.map((variable) => [variable.name, this.request.readStored(variable)]));
  }

  async run(): Promise<BuildResult> {
    try {
      if (this.cache) {
        this.notes.push(await restoreCache(this.cache, this.request.workFolder));
      }
      const uploads = await this.runPhases();
      const variables = await this.shell.variables();
      const artifact = uploads ? this.upload(variables) : undefined;
      const { tests, coverage, reports, notes } = readReports(this.spec.reports, this.source, variables);
      this.notes.push(...notes.filter((note) => !this.isExplained(note)));
      if (this.cache && !this.failure) {
        this.notes.push(...(await saveCache(this.cache, this.spec.cachePaths, this.request.workFolder)));
      }
      return {
        succeeded: this.failure === undefined,
        phases: this.phases,
        failure: this.failure && [withFailedTests(this.failure, tests), ...this.differences].join('\n'),
        artifact: this.failure === undefined ? artifact : undefined,
        exportedVariables: this.exportedVariables(variables),
        tests,
        testNote: this.testNote,
        coverage,
        reports,
        notes: this.notes,
      };
    } finally {
      this.shell.stop();
    }
  }

  /**
   * Runs the phases. Returns whether the build uploads artifacts. After a failed BUILD, POST_BUILD and UPLOAD_ARTIFACTS
   * still run: https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details-phases.html
   */
  private async runPhases(): Promise<boolean> {
    for (const phase of this.spec.phases) {
      const status = await this.runPhase(phase);
      if (status === 'TIMED_OUT') {
        return false;
      }
      if (status === 'SUCCEEDED') {
        continue;
      }
      const continues = phase.name === 'build' || phase.name === 'post_build';
      if (phase.onFailure === 'ABORT' || (phase.onFailure === undefined && !continues)) {
        return false;
      }
      if (phase.onFailure === 'CONTINUE') {
        this.notes.push(
          `${phase.name} failed with on-failure CONTINUE: the rehearsal continues, but the build counts as failed`,
        );
      }
    }
    return true;
  }

  private async runPhase(phase: PhaseSpec): Promise<BuildPhase['status']> {
    const started = Date.now();
    const failure = await this.runCommands(phase.commands);
    const finalFailure = failure?.timedOut ? undefined : await this.runCommands(phase.finally);
    return this.endPhase(phase.name.toUpperCase(), started, failure ?? finalFailure);
  }

  private async runCommands(commands: string[]): Promise<Failure | undefined> {
    for (const command of commands) {
      const shown = firstLine(command);
      this.request.onLine(`$ ${shown}`);
      this.recent.length = 0;
      const code = await this.shell.run(command, {
        CODEBUILD_BUILD_SUCCEEDING: this.failure === undefined ? '1' : '0',
      });
      const lines = [...this.recent];
      if (code === TIMED_OUT) {
        return {
          timedOut: true,
          lines,
          message: `BUILD_TIMED_OUT: Build has timed out after ${this.request.timeoutSeconds} s in: ${shown}`,
        };
      }
      if (code !== 0) {
        return {
          timedOut: false,
          lines,
          message: `Error while executing command: ${shown}. Reason: exit status ${code}`,
        };
      }
    }
    return undefined;
  }

  private upload(variables: Record<string, string>): string | undefined {
    if (!this.spec.artifact) {
      return undefined;
    }
    const started = Date.now();
    const target = path.join(this.request.workFolder, 'artifact.zip');
    try {
      const unmatched = writeArtifact(this.spec.artifact, this.source, variables, target);
      this.notes.push(...unmatched.map((pattern) => `the artifact file ${pattern} was not found`));
      this.endPhase('UPLOAD_ARTIFACTS', started);
      return target;
    } catch (error) {
      if (!(error instanceof ArtifactError)) {
        throw error;
      }
      this.endPhase('UPLOAD_ARTIFACTS', started, {
        timedOut: false,
        lines: [],
        message: `CLIENT_ERROR: ${error.message}`,
      });
      return undefined;
    }
  }

  private endPhase(name: string, started: number, failure?: Failure): BuildPhase['status'] {
    const status = failure ? (failure.timedOut ? 'TIMED_OUT' : 'FAILED') : 'SUCCEEDED';
    this.phases.push({ name, status, seconds: (Date.now() - started) / 1000, message: failure?.message });
    if (failure) {
      this.failure ??= [`${name}: ${failure.message}`, ...failure.lines].join('\n');
    }
    return status;
  }

  private exportedVariables(variables: Record<string, string>): Record<string, string> {
    return Object.fromEntries(
      this.spec.exportedVariables.filter((name) => name in variables).map((name) => [name, variables[name]]),
    );
  }

  /** Whether the note is about a test report that a recipe has already explained. */
  private isExplained(note: string): boolean {
    const ofTests = this.spec.reports.filter(({ fileFormat }) => fileFormat === 'JUNITXML');
    return Boolean(this.testNote) && ofTests.some(({ name }) => note.startsWith(`the report ${name} has no file`));
  }

  private line(line: string): void {
    this.testNote ??= TEST_NOTE.exec(line)?.[1];
    this.recent.push(line);
    if (this.recent.length > LAST_LINES) {
      this.recent.shift();
    }
    this.request.onLine(line);
  }
}

const LAST_LINES = 20;

/** The lines in which the recipes explain that there is no test report. */
const TEST_NOTE =
  /^note: (no unit tests\b.*|no report\b.*|the tests passed without a report\b.*|pytest found no tests\b.*)/;

/** Caching needs both a cache of the project and cache paths in the buildspec. */
function cacheNotes({ cachePaths }: BuildSpec, { cache }: BuildRequest): string[] {
  if (cache && !cachePaths.length) {
    return ['cache: the buildspec has no cache/paths, so nothing is cached'];
  }
  return cachePaths.length && !cache
    ? ['cache: the project has no cache for the cache/paths of the buildspec, so nothing is cached']
    : [];
}

/** Adds the failed tests before the output, because its end may be unrelated. */
function withFailedTests(failure: string, tests?: TestSummary): string {
  if (!tests?.failed) {
    return failure;
  }
  const [message, ...lines] = failure.split('\n');
  const shown = tests.failures.slice(0, 5).map((name) => `  ${name}`);
  return [message, `${tests.failed} of ${tests.failed + tests.passed} tests failed:`, ...shown, ...lines].join('\n');
}

function firstLine(command: string): string {
  const [first, ...more] = command.trim().split('\n');
  return more.length ? `${first} …` : first;
}

/** Returns the buildspec: a template contains the text, or the name of a file in the source. */
function readBuildSpec(text: string, source: string): string {
  const name = buildSpecFile(text);
  if (!name) {
    return text;
  }
  const file = path.join(source, name);
  if (!fs.existsSync(file)) {
    throw new BuildSpecError(`${name} is not in the source`);
  }
  return fs.readFileSync(file, 'utf8');
}
