/** Writes one decision as a line of JSON. Never give it an event: that holds credentials. */
export function log(decision: string, facts: Record<string, unknown> = {}): void {
  console.log(JSON.stringify({ decision, ...facts }));
}
