import { describe, expect, it } from 'vitest';
import { plain } from '../../../laptop/progress/line.ts';
import { terminalScreen } from '../../../laptop/progress/screen.ts';

const escapeCharacter = '\u001B';

/** Single characters, and control sequences as wholes: ESC, `[`, parameters, a letter. */
function tokens(text: string): string[] {
  const [first = '', ...sequences] = text.split(escapeCharacter);
  return [
    ...first,
    ...sequences.flatMap((sequence) => {
      const end = sequence.search(/[A-Za-z]/) + 1;
      return [`${escapeCharacter}${sequence.slice(0, end)}`, ...sequence.slice(end)];
    }),
  ];
}

/** Understands the few control sequences that a screen writes, and nothing else. */
class Terminal {
  readonly columns = 20;
  readonly rows = 6;
  readonly hasColors = () => false;
  cursorIsHidden = false;
  readonly #lines: string[] = [''];
  #row = 0;

  write(text: string): boolean {
    for (const token of tokens(text)) this.#take(token);
    return true;
  }

  get lines(): string[] {
    return this.#lines.slice(0, -1);
  }

  #take(token: string): void {
    if (token.startsWith(escapeCharacter) && token.endsWith('A')) this.#row -= Number(token.slice(2, -1));
    else if (token === '\u001B[J') this.#lines.splice(this.#row, this.#lines.length, '');
    else if (token === '\u001B[2K') this.#lines[this.#row] = '';
    else if (token === '\u001B[?25l') this.cursorIsHidden = true;
    else if (token === '\u001B[?25h') this.cursorIsHidden = false;
    else if (token === '\n') {
      this.#row += 1;
      this.#lines[this.#row] ??= '';
    } else if (token.startsWith('\u001B')) throw new Error(`unexpected ${JSON.stringify(token)}`);
    else if (token !== '\r') this.#lines[this.#row] += token;
  }
}

describe('terminalScreen', () => {
  it('keeps printed lines above those that change', () => {
    const terminal = new Terminal();
    const screen = terminalScreen(terminal);

    screen.live([plain('working 1')]);
    screen.print(plain('done a'));
    screen.live([plain('working 2'), plain('and more')]);
    screen.print(plain('done b'));

    expect(terminal.lines).toEqual(['done a', 'done b', 'working 2', 'and more']);
  });

  it('takes the changing lines away at the end and gives the cursor back', () => {
    const terminal = new Terminal();
    const screen = terminalScreen(terminal);
    screen.print(plain('done'));
    screen.live([plain('working')]);

    screen.close();

    expect(terminal.lines).toEqual(['done']);
    expect(terminal.cursorIsHidden).toBe(false);
  });

  it('cuts changing lines to the width, and shows no more of them than there are rows', () => {
    const terminal = new Terminal();
    const screen = terminalScreen(terminal);

    screen.live([...'abcdefgh'].map((letter) => plain(letter.repeat(30))));

    expect(terminal.lines).toEqual([...'defgh'].map((letter) => `${letter.repeat(18)}…`));
  });
});
