import type { WriteStream } from 'node:tty';
import { type Line, type RenderOptions, render, wrap } from './line.ts';

/** Where progress is shown: lines that stay, and below them a few that change. */
export interface Screen {
  /** Whether `live` lines are seen. */
  readonly isLive: boolean;
  /** Adds lines that stay. */
  print(...lines: readonly Line[]): void;
  /** Replaces the lines that change. */
  live(lines: readonly Line[]): void;
  /** Takes the changing lines away and gives the cursor back. */
  close(): void;
}

/** The terminal with redraw, or plain lines when the output is a file or a pipe. */
export function openScreen(stream: NodeJS.WriteStream = process.stdout): Screen {
  return isTerminal(stream) ? terminalScreen(stream) : plainScreen(stream);
}

function isTerminal(stream: NodeJS.WriteStream): stream is WriteStream & NodeJS.WriteStream {
  return stream.isTTY === true && process.env.TERM !== 'dumb';
}

function plainScreen(stream: NodeJS.WritableStream): Screen {
  return {
    isLive: false,
    print: (...lines) => {
      stream.write(lines.map((line) => `${render(line, { colour: false })}\n`).join(''));
    },
    live: () => undefined,
    close: () => undefined,
  };
}

const hideCursor = '\u001B[?25l';
const showCursor = '\u001B[?25h';
const clearLine = '\u001B[2K';
const clearBelow = '\u001B[J';
const upBy = (lines: number) => (lines > 0 ? `\u001B[${lines}A` : '');

/** Exported for tests: a terminal is any stream that knows its size. */
export function terminalScreen(
  stream: Pick<WriteStream, 'write' | 'columns' | 'rows' | 'hasColors'>,
): Screen {
  let shown: string[] = [];
  const options = (): RenderOptions => ({ colour: stream.hasColors() });

  /** One write per change, so that nothing flickers. */
  function draw(stay: readonly string[], live: readonly string[]): void {
    const text = [...stay, ...live].map((line) => `${clearLine}${line}\n`).join('');
    stream.write(`${hideCursor}${upBy(shown.length)}\r${clearBelow}${text}`);
    shown = [...live];
  }

  return {
    isLive: true,
    print: (...lines) =>
      draw(
        lines.flatMap((line) => wrap(line, stream.columns - 1)).map((line) => render(line, options())),
        shown,
      ),
    live(lines) {
      // A line that wrapped, or more lines than there are rows, would put the next redraw in the wrong place.
      const fitting = lines.slice(-Math.max(stream.rows - 1, 1));
      const rendered = fitting.map((line) => render(line, { ...options(), width: stream.columns - 1 }));
      if (rendered.join('\n') !== shown.join('\n')) draw([], rendered);
    },
    close() {
      draw([], []);
      stream.write(showCursor);
    },
  };
}
