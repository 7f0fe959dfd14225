import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * What tells a process from a later one of the same id: when it started, as the system counts. The same text at every look at the same
 * process.
 * @returns nothing when there is no such process, or the system does not say.
 */
export function processStart(pid: number): string | undefined {
  return process.platform === 'linux' ? startOnLinux(pid) : startByPs(pid);
}

/** The parent of a process and the name of its program; nothing when the system does not say. */
export function parentOf(pid: number): { readonly parent: number; readonly command: string } | undefined {
  const [, parent, command] = /^\s*(\d+)\s+(.+)$/.exec(ps(pid, 'ppid=,comm=').trim()) ?? [];
  return parent === undefined || command === undefined ? undefined : { parent: Number(parent), command };
}

/** Ticks since the boot, and which boot: each boot restarts ids and ticks. */
function startOnLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in brackets, may hold anything; the start is the 20th field after it (proc(5), field 22).
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${ticks}`;
  } catch {
    return undefined;
  }
}

const startByPs = (pid: number): string | undefined => ps(pid, 'lstart=').trim() || undefined;

function ps(pid: number, format: string): string {
  try {
    return execFileSync('ps', ['-o', format, '-p', String(pid)], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    // There is no such process, or no `ps`.
    return '';
  }
}
