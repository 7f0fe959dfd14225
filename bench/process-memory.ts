import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

export interface ProcessMemory {
  readonly pid: number;
  readonly parent: number;
  /** The command line, as far as the system tells. */
  readonly command: string;
  /** Resident set size in bytes: shared pages count in every process that has them, so a sum errs on the high side. */
  readonly residentBytes: number;
}

const sampleMilliseconds = 200;

/** The moment at which a process and all its descendants held most. */
export interface MemoryPeak {
  readonly bytes: number;
  /** What held it, the largest first; a function of the local region has its name. */
  readonly processes: readonly { readonly name: string; readonly bytes: number }[];
}

/** Samples a process with all its descendants until the signal. */
export async function peakMemory(root: number, signal: AbortSignal): Promise<MemoryPeak> {
  let peak: MemoryPeak = { bytes: 0, processes: [] };
  while (!signal.aborted) {
    const processes = listProcesses();
    const all = [...processes.filter(({ pid }) => pid === root), ...processesOf(root, processes)];
    const bytes = all.reduce((sum, { residentBytes }) => sum + residentBytes, 0);
    if (bytes > peak.bytes) peak = { bytes, processes: named(all) };
    await delay(sampleMilliseconds, undefined, { signal }).catch(() => undefined);
  }
  return peak;
}

function named(processes: readonly ProcessMemory[]): MemoryPeak['processes'] {
  return processes
    .map((process) => ({ name: nameOf(process), bytes: process.residentBytes }))
    .sort((a, b) => b.bytes - a.bytes);
}

/** A worker's command does not tell its function; on Linux its environment does. */
function nameOf({ pid, command }: ProcessMemory): string {
  return /\0AWS_LAMBDA_FUNCTION_NAME=([^\0]+)/.exec(readOf(String(pid), 'environ'))?.[1] ?? command;
}

/** Everything that descends from a process. */
export function processesOf(root: number, processes = listProcesses()): ProcessMemory[] {
  const children = processes.filter(({ parent }) => parent === root);
  return children.flatMap((child) => [child, ...processesOf(child.pid, processes)]);
}

/** Every process of the machine: from `/proc` on Linux, else from `ps`. */
function listProcesses(): ProcessMemory[] {
  return existsSync('/proc/self/status') ? fromProc() : fromPs();
}

function fromProc(): ProcessMemory[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => {
      const status = readOf(name, 'status');
      const field = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
      return {
        pid: Number(name),
        parent: field('PPid'),
        command: readOf(name, 'cmdline').replaceAll('\0', ' '),
        residentBytes: field('VmRSS') * 1024,
      };
    });
}

/** Empty for a process that has just ended. */
function readOf(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

function fromPs(): ProcessMemory[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss=,args='], { encoding: 'utf8' })
    .trim()
    .split('\n');
  return lines.map((line) => {
    const [pid, parent, kibibytes, ...command] = line.trim().split(/\s+/);
    return {
      pid: Number(pid),
      parent: Number(parent),
      command: command.join(' '),
      residentBytes: Number(kibibytes) * 1024,
    };
  });
}
