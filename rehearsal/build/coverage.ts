/** The numbers of covered lines and of all lines. */
export interface Coverage {
  readonly covered: number;
  readonly all: number;
}

/** The two numbers in a report, by its format in CodeBuild. JaCoCo counts missed lines, and has the sum at its end. */
const LINES: Record<string, RegExp> = {
  COBERTURAXML: /<coverage\b(?=[^>]*\slines-covered="(?<covered>\d+)")(?=[^>]*\slines-valid="(?<all>\d+)")/,
  CLOVERXML: /<metrics\b(?=[^>]*\scoveredstatements="(?<covered>\d+)")(?=[^>]*\sstatements="(?<all>\d+)")/,
  JACOCOXML: /<report\b.*<counter type="LINE" missed="(?<missed>\d+)" covered="(?<covered>\d+)"/s,
};

/** Whether the rehearsal reads coverage reports with this format. */
export function isCoverage(format: string): boolean {
  return format in LINES;
}

/** Reads a report. Returns undefined if it has another format. */
export function readCoverage(format: string, text: string): Coverage | undefined {
  const { covered, all, missed } = LINES[format].exec(text)?.groups ?? {};
  return covered === undefined
    ? undefined
    : { covered: Number(covered), all: Number(all ?? Number(missed) + Number(covered)) };
}
