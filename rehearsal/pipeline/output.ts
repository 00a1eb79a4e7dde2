import { ActionRecord } from './record';
import { Notice } from '../account/sns';

/** Writes the progress of a rehearsal line by line. */
export class Output {
  private readonly latest = new Map<string, string>();

  constructor(private readonly write: (line: string) => void) {}

  line(text = ''): void {
    this.write(text);
  }

  stage(name: string): void {
    this.write(`  ${name}`);
  }

  stageNotEntered(status: string, reason: string): void {
    this.write(`    ${status.toLowerCase()}: ${reason}`);
  }

  progress(action: string, text: string): void {
    if (this.latest.get(action) === text) {
      return;
    }
    this.latest.set(action, text);
    this.write(`    … ${action}: ${text}`);
  }

  notice({ subject = '', text = '', error }: Notice): void {
    if (error) {
      return this.write(`  failed notice: ${error}`);
    }
    const [first, ...lines] = text.split('\n');
    this.write(`  notice: ${first === '' ? subject : first}`);
    lines.filter((line) => line).forEach((line) => this.write(`    ${line}`));
  }

  action({ name, status, summary, seconds }: ActionRecord, realSeconds: number, notes: readonly string[]): void {
    const mark = status === 'Succeeded' ? '✓' : '✗';
    const lines = summary.split('\n');
    const times = `${duration(seconds)}, here ${realSeconds.toFixed(1)} s`;
    this.write(`    ${mark} ${name}: ${lines[0] || status.toLowerCase()} (${times})`);
    lines.slice(1).forEach((line) => this.write(`        ${line}`));
    notes.forEach((note) => this.write(`        note: ${note}`));
  }
}

/** Formats seconds for people. */
export function duration(seconds: number): string {
  if (seconds < 120) {
    return `${Math.round(seconds)} s`;
  }
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
