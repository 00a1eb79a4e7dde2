/** The results of the unit tests of a build. */
export interface TestSummary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** The name and the message of each failed test. */
  readonly failures: string[];
}

const TEST_CASE = /<testcase\b((?:[^>"']|"[^"]*"|'[^']*')*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g;
const OUTCOME = /<(failure|error|skipped)\b((?:[^>"']|"[^"]*"|'[^']*')*?)(?:\/>|>([\s\S]*?)<\/\1>)/;

/** Reads reports in the JUnit format of pytest, jest-junit, Surefire and others. */
export function readJunit(reports: string[]): TestSummary {
  const cases = reports
    .flatMap((report) => [...report.matchAll(TEST_CASE)])
    .map(([, attributes, body]) => readCase(attributes, body ?? ''));
  return {
    passed: cases.filter(({ outcome }) => outcome === undefined).length,
    failed: cases.filter(({ outcome }) => outcome === 'failure' || outcome === 'error').length,
    skipped: cases.filter(({ outcome }) => outcome === 'skipped').length,
    failures: cases
      .filter(({ outcome }) => outcome === 'failure' || outcome === 'error')
      .map(({ name, message }) => `${name}: ${message}`),
  };
}

function readCase(attributes: string, body: string): { name: string; outcome?: string; message: string } {
  const [, outcome, details, text] = OUTCOME.exec(body) ?? [];
  const name = [attribute(attributes, 'classname'), attribute(attributes, 'name')].filter(Boolean).join('.');
  const message = attribute(details ?? '', 'message') || firstLine(text ?? '');
  return { name, outcome, message: firstLine(message) };
}

function attribute(attributes: string, name: string): string {
  const [, quoted] = new RegExp(`(?:^|\\s)${name}=("[^"]*"|'[^']*')`).exec(attributes) ?? [];
  return unescape(quoted?.slice(1, -1) ?? '');
}

function firstLine(text: string): string {
  return unescape(text).trim().split(/\r?\n/)[0];
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function unescape(text: string): string {
  return text.replace(/<!\[CDATA\[|\]\]>/g, '').replace(/&(#x?[0-9a-fA-F]+|\w+);/g, (all, entity: string) => {
    if (!entity.startsWith('#')) {
      return ENTITIES[entity] ?? all;
    }
    return String.fromCodePoint(entity[1] === 'x' ? parseInt(entity.slice(2), 16) : parseInt(entity.slice(1), 10));
  });
}
