import { configurationError, ReleaseFailure } from '../../base/failure';
import { showName } from '../zip/refuse-entry';

/** Something in a package that does not fit the function. */
export interface Finding {
  readonly file: string;
  readonly found: string;
  readonly allowed: string;
  readonly remedy: string;
  /**
   * Whether each invocation fails, or the file can't be used at all. Such a package is refused. Everything else is a
   * note: a package that works must never be refused.
   */
  readonly certain: boolean;
}

const SHOWN_GROUPS = 5;

/** Refuses a package with at least one certain finding, and returns the notes of any other. */
export function refuseFindings(findings: readonly Finding[], target: string): string[] {
  const certain = findings.filter((finding) => finding.certain);
  if (certain.length > 0) {
    throw refusal(certain, target);
  }
  return describe(findings);
}

function refusal(findings: readonly Finding[], target: string): ReleaseFailure {
  return configurationError(
    `The package can't work on ${target}, so no version was published. ${describe(findings)
      .map((text) => `${text}.`)
      .join(' ')}`,
  );
}

/** One sentence for each kind of finding: all libraries of a wheel have the same one. */
function describe(findings: readonly Finding[]): string[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const kind = JSON.stringify([finding.found, finding.allowed, finding.remedy]);
    groups.set(kind, [...(groups.get(kind) ?? []), finding]);
  }
  const texts = [...groups.values()].map(([first, ...others]) => {
    const more = others.length === 0 ? '' : ` (${others.length} more ${others.length === 1 ? 'file' : 'files'} too)`;
    return `${showName(first.file)} ${first.found}${more}, but ${first.allowed}: ${first.remedy}`;
  });
  const rest = texts.length - SHOWN_GROUPS;
  return rest > 0 ? [...texts.slice(0, SHOWN_GROUPS), `There are ${rest} more findings of other kinds`] : texts;
}
