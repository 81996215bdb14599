/** What commands write to: results on standard output, everything about them on standard error. */
export interface Terminal {
  /** One line of a result. */
  out(line: string): void;
  /** One line about what happens. */
  say(line: string): void;
  /** Replaces the line at the cursor; only where {@link Terminal.live}. */
  draw(line: string): void;
  /** Whether standard error is a terminal that can redraw a line. */
  readonly live: boolean;
  readonly columns: number;
}

export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  const live = stderr.isTTY === true && process.env.TERM !== 'dumb';
  let drawn = false;
  const clear = () => {
    if (drawn) stderr.write('\r\u001b[K');
    drawn = false;
  };
  return {
    live,
    columns: stderr.columns ?? 80,
    out: line => {
      clear();
      stdout.write(`${line}\n`);
    },
    say: line => {
      clear();
      stderr.write(`${line}\n`);
    },
    draw: line => {
      clear();
      stderr.write(line);
      drawn = line !== '';
    },
  };
}
