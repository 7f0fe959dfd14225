import { setTimeout as delay } from 'node:timers/promises';
import type { ExecutionsView, ExecutionView } from '../../laptop/progress/executions.client.ts';
import type { RecordedEvent, RegistryView } from '../../laptop/start/registry-view.client.ts';

const lookMilliseconds = 150;
/** Nothing runs and nothing is recorded for so long: all has come of it. Deliveries within the region take milliseconds. */
const restMilliseconds = 1_000;
/** What was put has not started anything for so long: it will not. */
const patienceMilliseconds = 20_000;
/** Executions that only wait, and for so long: for something that will not come by itself, such as the end of a day. */
const idleMilliseconds = 15_000;

/** What is seen at a look at the region. */
export interface Look {
  readonly executions: readonly ExecutionView[];
  /** Of all models. */
  readonly events: readonly RecordedEvent[];
}

/** Executions of a capability that are expected to have been started, all in all. */
export interface Expected {
  readonly capability: string;
  readonly executions: number;
}

/** Looks at the region's executions and events until there is rest. */
export class RegionRest {
  readonly #executions: ExecutionsView;
  readonly #registry: RegistryView;
  readonly #signal: AbortSignal;
  /** Models that have events though no index knows them, as their definition was refused. */
  readonly #models = new Set<string>();

  constructor(executions: ExecutionsView, registry: RegistryView, signal: AbortSignal) {
    this.#executions = executions;
    this.#registry = registry;
    this.#signal = signal;
  }

  follow(model: string): void {
    this.#models.add(model);
  }

  async models(): Promise<string[]> {
    return [...new Set([...this.#models, ...(await this.#registry.modelNames())])];
  }

  async look(): Promise<Look> {
    const executions = await this.#executions.list();
    const models = await this.models();
    const events = (await Promise.all(models.map((model) => this.#registry.events(model)))).flat();
    return { executions, events };
  }

  /** How often a capability has been started. */
  async started(capability: string): Promise<number> {
    return (await this.#executions.list()).filter((execution) => execution.capability === capability).length;
  }

  /** One look after the other. Ends with an error when the signal is aborted. */
  async *looks(): AsyncGenerator<Look> {
    for (;;) {
      this.#signal.throwIfAborted();
      yield await this.look();
      await delay(lookMilliseconds, undefined, { signal: this.#signal });
    }
  }

  /** Waits until what is expected has begun, or will not, and then until nothing happens any more. */
  async rest(expected?: Expected): Promise<void> {
    const begun = Date.now();
    let [seen, changedAt] = ['', begun];
    for await (const look of this.looks()) {
      const now = Date.now();
      const sign = signOf(look);
      if (sign !== seen) [seen, changedAt] = [sign, now];
      const running = look.executions.filter(({ status }) => status === 'RUNNING');
      const isExpected = expected === undefined || countOf(look, expected.capability) >= expected.executions;
      if (!isExpected && now - begun < patienceMilliseconds) continue;
      const quietFor = now - changedAt;
      if (
        running.length === 0
          ? quietFor >= restMilliseconds
          : running.every(isWaiting) && quietFor >= idleMilliseconds
      )
        return;
    }
  }
}

function countOf({ executions }: Look, capability: string): number {
  return executions.filter((execution) => execution.capability === capability).length;
}

/** In a Wait state, and in no task besides. */
export function isWaiting({ steps }: ExecutionView): boolean {
  const running = steps.filter(({ status }) => status === 'running');
  return running.length > 0 && running.every(({ stateType }) => stateType === 'Wait');
}

/** Another text whenever something has happened. */
function signOf({ executions, events }: Look): string {
  const visits = executions.map(({ arn, status, steps }) => [
    arn,
    status,
    steps.reduce((sum, step) => sum + step.visits, 0),
  ]);
  return JSON.stringify([events.length, visits]);
}
