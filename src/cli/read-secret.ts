import type { Terminal } from './terminal.ts';

const MAX_CHARACTERS = 4_096;
const [ENTER, LINE_FEED, INTERRUPT, BACKSPACE, DELETE] = ['\r', '\n', '\u0003', '\b', '\u007f'];

/**
 * One line of standard input, without its end. A terminal is asked for it and does not show it: flags and variables of the
 * environment can be read by others.
 */
export async function readSecret(question: string, terminal: Terminal): Promise<string> {
  const { stdin } = process;
  stdin.setEncoding('utf8');
  if (stdin.isTTY !== true) return await firstLine(stdin);
  terminal.draw(`${question}: `);
  stdin.setRawMode(true);
  try {
    return await typedLine(stdin);
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    terminal.draw('');
  }
}

async function firstLine(input: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const chunk of input) {
    text += chunk;
    if (text.includes('\n') || text.length > MAX_CHARACTERS) break;
  }
  return text.split(/\r?\n/, 1)[0] ?? '';
}

function typedLine(input: NodeJS.ReadStream): Promise<string> {
  return new Promise(resolve => {
    const characters: string[] = [];
    input.on('data', function take(chunk: string) {
      for (const character of chunk) {
        if (character === INTERRUPT) process.kill(process.pid, 'SIGINT');
        else if (character === ENTER || character === LINE_FEED) {
          input.off('data', take);
          resolve(characters.join(''));
          return;
        } else if (character === BACKSPACE || character === DELETE) characters.pop();
        else characters.push(character);
      }
    });
    input.resume();
  });
}
