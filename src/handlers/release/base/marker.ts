/**
 * Facts that the release function writes into a free-text field of AWS and reads back later, in brackets at the
 * beginning of the text. AWS has no better place for them: a failed job has no output variables, and neither a version
 * nor a deployment has tags.
 */
export const MARKERS = {
  /** In the message of a failed job: the traffic is back on the version before the release. */
  rolledBack: 'rolled-back',
  /** In the description of a version: its code is the placeholder, so there is nothing to go back to. */
  placeholder: 'placeholder',
  /** In the description of a deployment: alarms do not stop it. */
  ignoresAlarms: 'alarms-ignored',
  /** In the description of a deployment: the job that created it. */
  job: (jobId: string) => `job ${jobId}`,
} as const;

/** For example `[rolled-back] The deployment failed.` */
export function mark(text: string, ...markers: string[]): string {
  return `${markers.map((marker) => `[${marker}]`).join('')} ${text}`;
}

/** Whether `mark` put the marker at the beginning of the text. */
export function isMarked(text: string | undefined, marker: string): boolean {
  return markersOf(text).includes(`[${marker}]`);
}

/** The text as a person wants to read it. */
export function withoutMarkers(text: string): string {
  return text.slice(markersOf(text).length).trimStart();
}

function markersOf(text = ''): string {
  return /^(?:\[[^[\]]*\])*/.exec(text)![0];
}
