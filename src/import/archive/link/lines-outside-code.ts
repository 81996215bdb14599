const FENCE = /^ {0,3}(`{3,}|~{3,})/;

/** Changes lines, given and taken without their ends, that do not stand in a fenced block of code. */
export function linesOutsideCode(text: string, change: (line: string) => string): string {
  let fence: string | undefined;
  return text
    .split('\n')
    .map(line => {
      const run = FENCE.exec(line)?.[1];
      if (fence !== undefined) {
        if (run?.startsWith(fence) && line.trim() === run) fence = undefined;
        return line;
      }
      fence = run;
      return run === undefined ? change(line) : line;
    })
    .join('\n');
}
