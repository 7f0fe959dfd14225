/** A piece of text in one style. */
export interface StyledText {
  readonly text: string;
  readonly style?: Style;
  /** Prose: a line that is too long is broken between words, and continues below the beginning of the prose. */
  readonly isProse?: boolean;
}
export type Style = 'dim' | 'bold' | 'good' | 'bad' | 'warn' | 'accent';

/** A line for the terminal: text and styles apart, so that it can be cut to a width and printed without colours. */
export type Line = readonly StyledText[];

/** Select Graphic Rendition codes of ECMA-48, on and off. */
const codes: Record<Style, readonly [number, number]> = {
  bold: [1, 22],
  dim: [2, 22],
  bad: [31, 39],
  good: [32, 39],
  warn: [33, 39],
  accent: [36, 39],
};

export interface RenderOptions {
  readonly colour: boolean;
  /** Columns to cut the line to; not cut without it. */
  readonly width?: number;
}

/** A line as text for the terminal. */
export function render(line: Line, { colour, width = Number.POSITIVE_INFINITY }: RenderOptions): string {
  return cut(line, width)
    .map(({ text, style }) => (colour && style && text ? paint(text, codes[style]) : text))
    .join('')
    .trimEnd();
}

function paint(text: string, [on, off]: readonly [number, number]): string {
  return `\u001B[${on}m${text}\u001B[${off}m`;
}

/** The line's first `width` characters, the last of them an ellipsis when there were more. */
function cut(line: Line, width: number): Line {
  const length = line.reduce((sum, { text }) => sum + text.length, 0);
  if (length <= width) return line;
  let left = Math.max(width - 1, 0);
  const kept = line.map((segment) => {
    const text = segment.text.slice(0, left);
    left -= text.length;
    return { ...segment, text };
  });
  return [...kept, { text: '…' }];
}

/** The line in as many lines as its prose needs to fit the width; a line without prose stays as it is. */
export function wrap(line: Line, width: number): Line[] {
  const index = line.findIndex(({ isProse }) => isProse);
  const prose = line[index];
  if (!prose) return [line];
  const before = line.slice(0, index);
  const indent = before.reduce((sum, { text }) => sum + text.length, 0);
  const [first = '', ...others] = brokenText(prose.text, Math.max(width - indent, leastProseWidth));
  return [
    [...before, { ...prose, text: first }],
    ...others.map((text): Line => [{ text: ' '.repeat(indent) }, { ...prose, text }]),
  ];
}

/** Narrower than this, broken prose is harder to read than lines that the terminal breaks. */
const leastProseWidth = 30;

function brokenText(text: string, width: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (longer.length <= width || current === '') {
      current = longer;
      continue;
    }
    lines.push(current);
    current = word;
  }
  return [...lines, current];
}

/** Text alone. */
export const plain = (text: string): Line => [{ text }];

/** Seconds as people read them: `0.4 s`, `12 s`, `2 min 5 s`. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** `488012` as `488,012`. */
export const count = (value: number): string => value.toLocaleString('en-US');
