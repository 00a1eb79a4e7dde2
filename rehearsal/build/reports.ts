import * as fs from 'node:fs';
import { ReportSpec } from './buildspec';
import { Coverage, isCoverage, readCoverage } from './coverage';
import { ArtifactError, matchingFiles } from './files';
import { readJunit, TestSummary } from './junit';

/** The reports of a build. */
export interface Reports {
  readonly tests?: TestSummary;
  readonly coverage?: Coverage;
  /** The reports of the buildspec with at least one file. */
  readonly reports: readonly ReportSpec[];
  /** Reports and files that the rehearsal does not read. */
  readonly notes: string[];
}

/** Reads the reports of a buildspec from a source folder, with the variables at the end of the build. */
export function readReports(
  specs: readonly ReportSpec[],
  sourceFolder: string,
  variables: Record<string, string>,
): Reports {
  const notes: string[] = [];
  const read = specs
    .map((spec) => ({ spec, texts: readTexts(spec, sourceFolder, variables, notes) }))
    .filter(({ texts }) => texts.length);
  const tests = read.filter(({ spec }) => !isCoverage(spec.fileFormat)).flatMap(({ texts }) => texts);
  const coverage = read
    .filter(({ spec }) => isCoverage(spec.fileFormat))
    .flatMap(({ spec: { fileFormat }, texts }) => texts.map((text) => readCoverage(fileFormat, text)!));
  const sum = (key: keyof Coverage) => coverage.reduce((total, one) => total + one[key], 0);
  return {
    tests: tests.length ? readJunit(tests) : undefined,
    coverage: coverage.length ? { covered: sum('covered'), all: sum('all') } : undefined,
    reports: read.map(({ spec }) => spec),
    notes,
  };
}

/** Returns the files of a report that have its format. Adds a note for each file without it. */
function readTexts(
  spec: ReportSpec,
  sourceFolder: string,
  variables: Record<string, string>,
  notes: string[],
): string[] {
  const { name, fileFormat } = spec;
  if (fileFormat !== 'JUNITXML' && !isCoverage(fileFormat)) {
    notes.push(
      `the report ${name} was not read: its format is ${fileFormat}, ` +
        'and the rehearsal reads JUNITXML, COBERTURAXML, CLOVERXML and JACOCOXML',
    );
    return [];
  }
  try {
    const { files, unmatched } = matchingFiles(spec, sourceFolder, variables);
    notes.push(...unmatched.map((pattern) => `the report ${name} has no file ${pattern}`));
    return files.flatMap((found) => {
      const text = fs.readFileSync(found.file, 'utf8');
      if (!isCoverage(fileFormat) || readCoverage(fileFormat, text)) {
        return [text];
      }
      notes.push(`the report ${name} was not read: ${found.name} is not ${fileFormat}`);
      return [];
    });
  } catch (error) {
    if (!(error instanceof ArtifactError)) {
      throw error;
    }
    notes.push(`the report ${name} has no files: ${error.message}`);
    return [];
  }
}
