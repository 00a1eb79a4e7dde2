const FRAME_MS = 250;

/** A terminal, or a pipe. */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** The last line of a terminal, which shows the running actions with the elapsed time. A pipe gets no such line. */
export class LiveLine {
  private readonly running = new Map<string, { readonly start: number; text: string }>();
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly terminal: Terminal,
    private readonly now: () => number = Date.now,
  ) {}

  start(action: string): void {
    if (!this.terminal.isTTY) {
      return;
    }
    this.running.set(action, { start: this.now(), text: '' });
    this.timer ??= setInterval(() => this.draw(), FRAME_MS).unref();
  }

  /** Shows what an action does now. */
  show(action: string, text: string): void {
    const running = this.running.get(action);
    if (running) {
      running.text = text;
    }
  }

  stop(action: string): void {
    this.running.delete(action);
    this.clear();
    if (this.running.size === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
    }
  }

  /** Removes the line, so that another one can be written. */
  clear(): void {
    if (this.terminal.isTTY) {
      this.terminal.write('\r\u001b[K');
    }
  }

  draw(): void {
    const texts = [...this.running].map(([action, { start, text }]) => {
      const seconds = Math.floor((this.now() - start) / 1000);
      return `${action} ${seconds} s${text ? `: ${text}` : ''}`;
    });
    const line = `    … ${texts.join(' | ')}`.slice(0, (this.terminal.columns ?? 80) - 1);
    this.terminal.write(`\r\u001b[K${line}`);
  }
}
