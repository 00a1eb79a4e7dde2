import * as fs from 'node:fs';
import * as path from 'node:path';
import { BuildSpec, BuildSpecError, parseBuildSpec, PhaseSpec, ReportSpec, StoredVariable } from './buildspec';
import { CacheStore, restoreCache, saveCache } from './cache';
import { Coverage, isCoverage, readCoverage } from './coverage';
import { baseEnvironment, pythonEnvironment, versionNotes } from './environment';
import { ArtifactError, matchingFiles, writeArtifact } from './files';
import { readJunit, TestSummary } from './junit';
import { BuildShell, TIMED_OUT } from './shell';

/** A build to run. */
export interface BuildRequest {
  /** The buildspec as text, or its path in the source; empty for `buildspec.yml`. */
  readonly buildSpec: string;
  readonly sourceFolder: string;
  /** A folder of the build's own. */
  readonly workFolder: string;
  readonly environment: Record<string, string>;
  readonly timeoutSeconds: number;
  /** Answers the value of a variable that lies elsewhere. */
  readonly readStored: (variable: StoredVariable) => string;
  /** The cache of a project that has one. */
  readonly cache?: CacheStore;
  readonly onLine: (line: string) => void;
}

/** A phase of a build that ran. */
export interface BuildPhase {
  readonly name: string;
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT';
  readonly seconds: number;
  readonly message?: string;
}

/** How a build ended. */
export interface BuildResult {
  readonly succeeded: boolean;
  readonly phases: BuildPhase[];
  /** Phase, command, exit code and the last lines of the output. */
  readonly failure?: string;
  /** Path of the output artifact's zip. */
  readonly artifact?: string;
  readonly exportedVariables: Record<string, string>;
  readonly tests?: TestSummary;
  readonly coverage?: Coverage;
  /** The reports of the buildspec that had something to report. */
  readonly reports: readonly ReportSpec[];
  /** What is different here from the build that the buildspec asks for. */
  readonly notes: string[];
}

/** Runs a buildspec as CodeBuild does: in a real shell, in a copy of the source, without credentials that the request doesn't give. */
export async function runBuild(request: BuildRequest): Promise<BuildResult> {
  try {
    const source = path.join(request.workFolder, 'src');
    fs.cpSync(request.sourceFolder, source, { recursive: true, verbatimSymlinks: true });
    return await new Build(request, parseBuildSpec(readBuildSpec(request.buildSpec, source)), source).run();
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
  }
}

/** How a phase failed. */
interface Failure {
  readonly message: string;
  readonly timedOut: boolean;
  /** The last lines of the command's output. */
  readonly lines: string[];
}

/** One run of a buildspec. */
class Build {
  private readonly phases: BuildPhase[] = [];
  private readonly notes: string[];
  private readonly shell: BuildShell;
  private readonly recent: string[] = [];
  /** The cache, when the buildspec says what it keeps. */
  private readonly cache?: CacheStore;
  private failure?: string;

  constructor(
    private readonly request: BuildRequest,
    private readonly spec: BuildSpec,
    private readonly source: string,
  ) {
    this.cache = spec.cachePaths.length ? request.cache : undefined;
    const base: Record<string, string> = {
      ...baseEnvironment(request.workFolder, this.cache !== undefined),
      CODEBUILD_SRC_DIR: source,
    };
    this.notes = [...spec.notes, ...cacheNotes(spec, request), ...versionNotes(spec, base.PATH)];
    this.shell = new BuildShell({
      shell: spec.shell,
      folder: path.join(request.workFolder, 'shell'),
      sourceFolder: source,
      environment: {
        ...base,
        ...pythonEnvironment(spec, request.workFolder, base.PATH),
        ...spec.variables,
        ...this.stored(),
        ...request.environment,
      },
      timeoutSeconds: request.timeoutSeconds,
      onLine: (line) => this.line(line),
    });
  }

  private stored(): Record<string, string> {
    return Object.fromEntries(this.spec.stored.map((variable) => [variable.name, this.request.readStored(variable)]));
  }

  async run(): Promise<BuildResult> {
    try {
      if (this.cache) {
        this.notes.push(await restoreCache(this.cache, this.request.workFolder));
      }
      const uploads = await this.commands();
      const variables = await this.shell.variables();
      const artifact = uploads ? this.upload(variables) : undefined;
      const { tests, ...reported } = this.reported(variables);
      if (this.cache && !this.failure) {
        this.notes.push(...(await saveCache(this.cache, this.spec.cachePaths, this.request.workFolder)));
      }
      return {
        succeeded: this.failure === undefined,
        phases: this.phases,
        failure: this.failure && withFailedTests(this.failure, tests),
        artifact: this.failure === undefined ? artifact : undefined,
        exportedVariables: this.exported(variables),
        tests,
        ...reported,
        notes: this.notes,
      };
    } finally {
      this.shell.stop();
    }
  }

  /**
   * Runs the phases; answers whether artifacts are uploaded. After a failed BUILD, POST_BUILD and UPLOAD_ARTIFACTS still run:
   * https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details-phases.html
   */
  private async commands(): Promise<boolean> {
    for (const phase of this.spec.phases) {
      const status = await this.phase(phase);
      if (status === 'TIMED_OUT') {
        return false;
      }
      if (status === 'SUCCEEDED') {
        continue;
      }
      const goesOn = phase.name === 'build' || phase.name === 'post_build';
      if (phase.onFailure === 'ABORT' || (phase.onFailure === undefined && !goesOn)) {
        return false;
      }
      if (phase.onFailure === 'CONTINUE') {
        this.notes.push(
          `${phase.name} failed with on-failure CONTINUE: the rehearsal goes on, and counts the build as failed`,
        );
      }
    }
    return true;
  }

  private async phase(phase: PhaseSpec): Promise<BuildPhase['status']> {
    const started = Date.now();
    const failed = await this.sequence(phase.commands);
    const failedFinally = failed?.timedOut ? undefined : await this.sequence(phase.finally);
    return this.ended(phase.name.toUpperCase(), started, failed ?? failedFinally);
  }

  private async sequence(commands: string[]): Promise<Failure | undefined> {
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
      this.notes.push(...unmatched.map((pattern) => `the artifact file ${pattern} was not found, and is left out`));
      this.ended('UPLOAD_ARTIFACTS', started);
      return target;
    } catch (error) {
      if (!(error instanceof ArtifactError)) {
        throw error;
      }
      this.ended('UPLOAD_ARTIFACTS', started, {
        timedOut: false,
        lines: [],
        message: `CLIENT_ERROR: ${error.message}`,
      });
      return undefined;
    }
  }

  private ended(name: string, started: number, failure?: Failure): BuildPhase['status'] {
    const status = failure ? (failure.timedOut ? 'TIMED_OUT' : 'FAILED') : 'SUCCEEDED';
    this.phases.push({ name, status, seconds: (Date.now() - started) / 1000, message: failure?.message });
    if (failure) {
      this.failure ??= [`${name}: ${failure.message}`, ...failure.lines].join('\n');
    }
    return status;
  }

  private exported(variables: Record<string, string>): Record<string, string> {
    return Object.fromEntries(
      this.spec.exportedVariables.filter((name) => name in variables).map((name) => [name, variables[name]]),
    );
  }

  private reported(variables: Record<string, string>): Pick<BuildResult, 'tests' | 'coverage' | 'reports'> {
    const read = this.spec.reports
      .map((report) => ({ report, texts: this.reportTexts(report, variables) }))
      .filter(({ texts }) => texts.length);
    const tests = read.filter(({ report }) => !isCoverage(report.fileFormat)).flatMap(({ texts }) => texts);
    const coverage = read
      .filter(({ report }) => isCoverage(report.fileFormat))
      .flatMap(({ report: { fileFormat }, texts }) => texts.map((text) => readCoverage(fileFormat, text)!));
    const sum = (key: keyof Coverage) => coverage.reduce((total, one) => total + one[key], 0);
    return {
      tests: tests.length ? readJunit(tests) : undefined,
      coverage: coverage.length ? { covered: sum('covered'), all: sum('all') } : undefined,
      reports: read.map(({ report }) => report),
    };
  }

  /** The files of a report that are of its format. */
  private reportTexts(report: ReportSpec, variables: Record<string, string>): string[] {
    const { name, fileFormat } = report;
    if (fileFormat !== 'JUNITXML' && !isCoverage(fileFormat)) {
      this.notes.push(
        `the report ${name} is not read: its format is ${fileFormat}, and the rehearsal reads JUNITXML, COBERTURAXML, CLOVERXML and JACOCOXML`,
      );
      return [];
    }
    try {
      const { files, unmatched } = matchingFiles(report, this.source, variables);
      this.notes.push(...unmatched.map((pattern) => `the report ${name} has no file ${pattern}`));
      return files.flatMap((found) => {
        const text = fs.readFileSync(found.file, 'utf8');
        if (!isCoverage(fileFormat) || readCoverage(fileFormat, text)) {
          return [text];
        }
        this.notes.push(`the report ${name} is not read: ${found.name} is no ${fileFormat}`);
        return [];
      });
    } catch (error) {
      if (!(error instanceof ArtifactError)) {
        throw error;
      }
      this.notes.push(`the report ${name} has no files: ${error.message}`);
      return [];
    }
  }

  private line(line: string): void {
    this.recent.push(line);
    if (this.recent.length > LAST_LINES) {
      this.recent.shift();
    }
    this.request.onLine(line);
  }
}

const LAST_LINES = 20;

/** A cache takes two: the project's, and the paths of the buildspec. */
function cacheNotes({ cachePaths }: BuildSpec, { cache }: BuildRequest): string[] {
  if (cache && !cachePaths.length) {
    return ['cache: the buildspec names no cache/paths, so nothing is kept'];
  }
  return cachePaths.length && !cache
    ? ['cache: the project has none for the cache/paths of the buildspec, so nothing is kept']
    : [];
}

/** The failed tests come before the output, which may end with anything. */
function withFailedTests(failure: string, tests?: TestSummary): string {
  if (!tests?.failed) {
    return failure;
  }
  const [what, ...lines] = failure.split('\n');
  const shown = tests.failures.slice(0, 5).map((name) => `  ${name}`);
  return [what, `${tests.failed} of ${tests.failed + tests.passed} tests failed:`, ...shown, ...lines].join('\n');
}

function firstLine(command: string): string {
  const [first, ...more] = command.trim().split('\n');
  return more.length ? `${first} …` : first;
}

/** A CDK template holds the buildspec itself, or the name of a file in the source. */
function readBuildSpec(text: string, source: string): string {
  const isFile = text === '' || (!text.includes('\n') && /\.(ya?ml|json)$/.test(text));
  if (!isFile) {
    return text;
  }
  const file = path.join(source, text || 'buildspec.yml');
  if (!fs.existsSync(file)) {
    throw new BuildSpecError(`${text || 'buildspec.yml'} is not in the source`);
  }
  return fs.readFileSync(file, 'utf8');
}
