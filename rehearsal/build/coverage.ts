/** Lines of the code that the tests have reached, and all of them. */
export interface Coverage {
  readonly covered: number;
  readonly all: number;
}

/** Where a report has the two numbers, by CodeBuild's name of its format. JaCoCo counts what was missed, and has the sum at the end. */
const LINES: Record<string, RegExp> = {
  COBERTURAXML: /<coverage\b(?=[^>]*\slines-covered="(?<covered>\d+)")(?=[^>]*\slines-valid="(?<all>\d+)")/,
  CLOVERXML: /<metrics\b(?=[^>]*\scoveredstatements="(?<covered>\d+)")(?=[^>]*\sstatements="(?<all>\d+)")/,
  JACOCOXML: /<report\b.*<counter type="LINE" missed="(?<missed>\d+)" covered="(?<covered>\d+)"/s,
};

/** Whether a format is one of coverage that is read here. */
export function isCoverage(format: string): boolean {
  return format in LINES;
}

/** Reads a report; nothing when it is none of the format. */
export function readCoverage(format: string, text: string): Coverage | undefined {
  const { covered, all, missed } = LINES[format].exec(text)?.groups ?? {};
  return covered === undefined
    ? undefined
    : { covered: Number(covered), all: Number(all ?? Number(missed) + Number(covered)) };
}
