import type { FunctionConfiguration } from './function-configuration.ts';
import type { FunctionWorker } from './function-worker.ts';

export interface PoolLimits {
  /** Invocations that run at the same time, over all functions; the rest queue. */
  readonly concurrency: number;
  /** Processes at most, those included that wait for their next invocation. */
  readonly workers: number;
  /** How long a worker may idle before it is retired. */
  readonly idleSeconds: number;
  /** What idle workers may hold together; the last one used may hold more. */
  readonly idleMegabytes: number;
}

/** Warm workers of all functions, within the region's limits. */
export class WorkerPool {
  readonly #limits: PoolLimits;
  readonly #start: (configuration: FunctionConfiguration) => FunctionWorker;
  /** Longest idle first. */
  readonly #idle = new Map<FunctionWorker, NodeJS.Timeout>();
  readonly #busy = new Set<FunctionWorker>();
  readonly #queue: (() => void)[] = [];
  #running = 0;

  constructor(limits: PoolLimits, start: (configuration: FunctionConfiguration) => FunctionWorker) {
    this.#limits = limits;
    this.#start = start;
  }

  /** Lends a worker of this very configuration for one invocation, when one may run. */
  async use<Result>(
    configuration: FunctionConfiguration,
    invoke: (worker: FunctionWorker) => Promise<Result>,
  ): Promise<Result> {
    await this.#turn();
    try {
      const worker = await this.#take(configuration);
      this.#busy.add(worker);
      try {
        return await invoke(worker);
      } finally {
        this.#busy.delete(worker);
        this.#keep(worker);
      }
    } finally {
      this.#running -= 1;
      this.#queue.shift()?.();
    }
  }

  /** Retires the idle workers of a function whose code or settings have changed. */
  async retire(name: string): Promise<void> {
    const outdated = [...this.#idle.keys()].filter(({ configuration }) => configuration.name === name);
    await Promise.all(outdated.map((worker) => this.#drop(worker)));
  }

  /** Ends every process, whatever it is doing. */
  async close(): Promise<void> {
    const workers = [...this.#idle.keys(), ...this.#busy];
    await Promise.all(workers.map((worker) => this.#drop(worker)));
  }

  async #turn(): Promise<void> {
    if (this.#running >= this.#limits.concurrency) {
      await new Promise<void>((resolve) => this.#queue.push(resolve));
    }
    this.#running += 1;
  }

  async #take(configuration: FunctionConfiguration): Promise<FunctionWorker> {
    const warm = [...this.#idle.keys()].findLast((worker) => worker.configuration === configuration);
    if (warm) {
      clearTimeout(this.#idle.get(warm));
      this.#idle.delete(warm);
      if (warm.isAlive) return warm;
    }
    // What runs has a worker or is about to get one.
    await this.#dropWhile(() => this.#idle.size + this.#running > this.#limits.workers);
    return this.#start(configuration);
  }

  #keep(worker: FunctionWorker): void {
    if (!worker.isAlive) return;
    const room = this.#limits.idleMegabytes * 1024 ** 2 - worker.memoryBytes;
    void this.#dropWhile(() => memoryOf(this.#idle.keys()) > room);
    const timer = setTimeout(() => void this.#drop(worker), this.#limits.idleSeconds * 1000);
    this.#idle.set(worker, timer.unref());
  }

  /** Retires idle workers, the longest idle first. */
  async #dropWhile(isTooMuch: () => boolean): Promise<void> {
    const ends: Promise<void>[] = [];
    for (const worker of this.#idle.keys()) if (isTooMuch()) ends.push(this.#drop(worker));
    await Promise.all(ends);
  }

  async #drop(worker: FunctionWorker): Promise<void> {
    clearTimeout(this.#idle.get(worker));
    this.#idle.delete(worker);
    await worker.retire();
  }
}

function memoryOf(workers: Iterable<FunctionWorker>): number {
  return [...workers].reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
}
