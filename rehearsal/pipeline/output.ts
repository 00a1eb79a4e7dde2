import { LiveLine } from './live-line';
import { ActionRecord } from './record';
import { Meaning, PLAIN, Style } from './style';
import { Notice } from '../account/sns';

/** Options of an output. */
export interface OutputOptions {
  readonly style?: Style;
  /** The line for running actions. Default: none. */
  readonly live?: LiveLine;
}

/** Writes the progress of a rehearsal line by line. */
export class Output {
  private readonly latest = new Map<string, string>();
  private readonly style: Style;

  constructor(
    private readonly writeLine: (line: string) => void,
    private readonly options: OutputOptions = {},
  ) {
    this.style = options.style ?? PLAIN;
  }

  line(text = '', meaning?: Meaning): void {
    this.write(meaning ? this.style(meaning, text) : text);
  }

  stage(name: string): void {
    this.line(`  ${name}`, 'heading');
  }

  stageNotEntered(status: string, reason: string): void {
    this.line(`    ${status.toLowerCase()}: ${reason}`, status === 'Failed' ? 'failure' : 'detail');
  }

  actionStarted(action: string): void {
    this.options.live?.start(action);
  }

  progress(action: string, text: string): void {
    this.options.live?.show(action, text);
    if (this.latest.get(action) === text) {
      return;
    }
    this.latest.set(action, text);
    this.line(`    … ${action}: ${text}`, 'detail');
  }

  /** Shows the last line of a running build, on a terminal only. */
  buildLine(action: string, text: string): void {
    this.options.live?.show(action, text);
  }

  notice({ subject = '', text = '', error }: Notice): void {
    if (error) {
      return this.line(`  failed notice: ${error}`, 'failure');
    }
    const [first, ...lines] = text.split('\n');
    this.write(`  notice: ${first === '' ? subject : first}`);
    lines.filter((line) => line).forEach((line) => this.write(`    ${line}`));
  }

  action({ name, status, summary, seconds }: ActionRecord, realSeconds: number, notes: readonly string[]): void {
    this.options.live?.stop(name);
    const mark = status === 'Succeeded' ? this.style('success', '✓') : this.style('failure', '✗');
    const lines = summary.split('\n');
    const times = `(${duration(seconds)}, here ${realSeconds.toFixed(1)} s)`;
    this.write(`    ${mark} ${name}: ${lines[0] || status.toLowerCase()} ${this.style('detail', times)}`);
    lines.slice(1).forEach((line) => this.write(`        ${line}`));
    notes.forEach((note) => this.line(`        note: ${note}`, 'warning'));
  }

  private write(line: string): void {
    this.options.live?.clear();
    this.writeLine(line);
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
