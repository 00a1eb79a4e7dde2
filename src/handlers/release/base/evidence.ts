import { toFailure } from './failure';

/** Reads a detail for a message. When that fails, `missing` says so, and the message goes out without the detail. */
export async function readEvidence<T>(what: string, reading: Promise<T>, missing: string[]): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    missing.push(`Could not read the ${what}: ${toFailure(error).message}`);
    return undefined;
  }
}
