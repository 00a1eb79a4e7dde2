/** Writes one line of JSON to the log. Never pass an event: events hold credentials. */
export function log(message: string, details: Record<string, unknown> = {}): void {
  console.log(JSON.stringify({ message, ...details }));
}
