import { setInterval } from 'node:timers/promises';
import { duration, type Line } from '../progress/line.ts';
import type { Screen } from '../progress/screen.ts';

const frameMilliseconds = 100;
const labelColumn = 44;
const timeColumn = 11;

/** Runs a step of the start, shows that it runs, and then how long it took. @param note says more of its result. */
export async function step<T>(
  screen: Screen,
  label: string,
  work: () => Promise<T>,
  note: (result: T) => string = () => '',
): Promise<T> {
  const started = performance.now();
  const done = new AbortController();
  const animation = animate(screen, label, started, done.signal);
  let result: T;
  try {
    result = await work();
  } finally {
    done.abort();
    await animation;
  }
  screen.print(line({ text: '✓ ', style: 'good' }, label, performance.now() - started, note(result)));
  return result;
}

async function animate(screen: Screen, label: string, started: number, signal: AbortSignal): Promise<void> {
  try {
    for await (const _ of setInterval(frameMilliseconds, undefined, { signal })) {
      screen.live([line({ text: '· ', style: 'accent' }, label, performance.now() - started, '')]);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  screen.live([]);
}

function line(mark: Line[number], label: string, milliseconds: number, note: string): Line {
  return [
    { text: '  ' },
    mark,
    { text: label.padEnd(labelColumn) },
    { text: duration(milliseconds).padStart(timeColumn), style: 'dim' },
    ...(note ? [{ text: `   ${note}`, style: 'dim' } as const] : []),
  ];
}
