import { setInterval } from 'node:timers';
import { parentOf } from './process-identity.ts';

/** How often the parents are looked at. */
const lookMilliseconds = 500;

/**
 * Calls back when npm, which has started this process, is gone. A supervisor that ends `npm start` ends npm, or the shell that npm runs
 * scripts with, and neither tells this process. One that was started without npm, in the background perhaps, is meant to outlive its
 * parent.
 */
export function whenOrphaned(callback: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const npm = npmAbove(parent);
  const timer = setInterval(() => {
    if (process.ppid === parent && (npm === undefined || isAlive(npm))) return;
    clearInterval(timer);
    callback();
  }, lookMilliseconds);
  timer.unref();
}

/** npm itself, where a shell stands between: `sh -c` stays there with some shells, and becomes the command with others. */
function npmAbove(pid: number): number | undefined {
  const above = parentOf(pid);
  return above && /(?:^|\/|-)\w*sh$/.test(above.command) ? above.parent : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
