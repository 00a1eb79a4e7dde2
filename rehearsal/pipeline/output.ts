import { ActionRecord } from './pipeline';
import { Notice } from '../account/sns';

/** Writes what happens, a line each. */
export class Output {
  private readonly told = new Map<string, string>();

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
    if (this.told.get(action) === text) {
      return;
    }
    this.told.set(action, text);
    this.write(`    … ${action}: ${text}`);
  }

  notice({ subject = '', text = '', error }: Notice): void {
    if (error) {
      return this.write(`  notice that could not be sent: ${error}`);
    }
    const [first, ...lines] = text.split('\n');
    this.write(`  notice: ${first === '' ? subject : first}`);
    lines.filter((line) => line).forEach((line) => this.write(`    ${line}`));
  }

  action({ name, status, summary, seconds }: ActionRecord, realSeconds: number, notes: readonly string[]): void {
    const mark = status === 'Succeeded' ? '✓' : '✗';
    const lines = summary.split('\n');
    this.write(
      `    ${mark} ${name}: ${lines[0] || status.toLowerCase()} (${duration(seconds)}, here ${realSeconds.toFixed(1)} s)`,
    );
    lines.slice(1).forEach((line) => this.write(`        ${line}`));
    notes.forEach((note) => this.write(`        note: ${note}`));
  }
}

/** Seconds as a person says them. */
export function duration(seconds: number): string {
  if (seconds < 120) {
    return `${Math.round(seconds)} s`;
  }
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
