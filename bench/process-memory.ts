import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

export interface ProcessMemory {
  readonly pid: number;
  readonly parent: number;
  /** Resident set size in bytes: shared pages count in every process that has them, so a sum errs on the high side. */
  readonly residentBytes: number;
}

const sampleMilliseconds = 200;

/** Samples a process with all its descendants until the signal. @returns the highest sum of their memory, in bytes. */
export async function peakMemory(root: number, signal: AbortSignal): Promise<number> {
  let peak = 0;
  while (!signal.aborted) {
    peak = Math.max(peak, residentBytesOf(root, listProcesses()));
    await delay(sampleMilliseconds, undefined, { signal }).catch(() => undefined);
  }
  return peak;
}

/** Memory of a process and of everything that descends from it. */
export function residentBytesOf(root: number, processes: readonly ProcessMemory[]): number {
  const own = processes.find(({ pid }) => pid === root)?.residentBytes ?? 0;
  const children = processes.filter(({ parent, pid }) => parent === root && pid !== root);
  return children.reduce((sum, { pid }) => sum + residentBytesOf(pid, processes), own);
}

/** Every process of the machine: from `/proc` on Linux, else from `ps`. */
function listProcesses(): ProcessMemory[] {
  return existsSync('/proc/self/status') ? fromProc() : fromPs();
}

function fromProc(): ProcessMemory[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const status = readStatus(name);
      const field = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
      return [{ pid: Number(name), parent: field('PPid'), residentBytes: field('VmRSS') * 1024 }];
    });
}

/** Empty for a process that has just ended. */
function readStatus(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}

function fromPs(): ProcessMemory[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss='], { encoding: 'utf8' }).trim().split('\n');
  return lines.map((line) => {
    const [pid = 0, parent = 0, kibibytes = 0] = line.trim().split(/\s+/).map(Number);
    return { pid, parent, residentBytes: kibibytes * 1024 };
  });
}
