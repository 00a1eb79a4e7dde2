import { toFailure } from './failure';

/** Reads a piece of evidence. One that can't be read must not hide what it was evidence of: it is noted as missing. */
export async function readEvidence<T>(what: string, reading: Promise<T>, missing: string[]): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    missing.push(`The ${what} could not be read: ${toFailure(error).message}`);
    return undefined;
  }
}
