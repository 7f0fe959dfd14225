import { StateError } from '../../packages/region/states/state-error.ts';
import type { Meddle } from './machine.ts';

/** How a call fails. */
export interface Fault {
  /** Which of the execution's calls, from 0: those that functions make, and those that states make themselves. */
  readonly call: number;
  /** Before it has an effect, or after it, so that only the answer is lost. */
  readonly when: 'before' | 'after';
  /** The function's process dies, its time runs out, or the service does not answer. */
  readonly kind: FaultKind;
}
export const faultKinds = ['Runtime.ExitError', 'Sandbox.Timedout', 'ServiceUnavailable'] as const;
export type FaultKind = (typeof faultKinds)[number];

/** Counts the calls of an execution, and makes one of them fail. */
export class FaultyCalls {
  /** `JudgeBatch.GetObject`, in the order in which they were made. */
  readonly calls: string[] = [];
  readonly #fault: Fault | undefined;

  constructor(fault?: Fault) {
    this.#fault = fault;
  }

  /** Whether the execution has come to the call. */
  get wasReached(): boolean {
    return this.#fault !== undefined && this.calls.length > this.#fault.call;
  }

  readonly meddle: Meddle = {
    call: async ({ task, operation, send, die }) => {
      const fault = this.#next(`${task}.${operation}`);
      if (fault === undefined) return send();
      if (fault.when === 'after') await send();
      if (fault.kind === 'ServiceUnavailable') throw unavailable();
      return die(new StateError(fault.kind, `The test ends ${task} ${fault.when} ${operation}.`));
    },
    before: (task) => this.#direct(task, 'before'),
    after: (task) => this.#direct(task, 'after'),
  };

  /** What a state calls itself, such as `createTrainingJob`; a function's own calls are counted one by one. */
  #direct(task: string, when: Fault['when']): void {
    if (/^[A-Z]/.test(task)) return;
    const fault = when === 'before' ? this.#next(`state.${task}`) : this.#current();
    if (fault?.when === when)
      throw new StateError(
        `${fault.kind === 'ServiceUnavailable' ? 'States.TaskFailed' : fault.kind}`,
        'The test says so.',
      );
  }

  #next(name: string): Fault | undefined {
    this.calls.push(name);
    return this.#current();
  }

  #current(): Fault | undefined {
    return this.#fault?.call === this.calls.length - 1 ? this.#fault : undefined;
  }
}

/** As an SDK client throws it when it has given up. */
function unavailable(): Error {
  return Object.assign(new Error('Service is unable to handle request.'), {
    name: 'ServiceUnavailable',
    $fault: 'server',
    $metadata: { httpStatusCode: 503, attempts: 1 },
  });
}

/** A way through a state machine, for any number of models. */
export interface Way {
  readonly name: string;
  /** Prepares a model of its own. */
  prepare(): Promise<PreparedWay>;
}

export interface PreparedWay {
  /** Runs the execution, and what EventBridge's rules start when it fails. */
  run(meddle: Meddle): Promise<void>;
  /** All that must be the same in the end, without names and times. */
  truth(): Promise<unknown>;
}

/** Runs a way without a fault. @returns its calls, and how it must end */
export async function referenceOf(way: Way): Promise<{ calls: readonly string[]; truth: unknown }> {
  const prepared = await way.prepare();
  const counted = new FaultyCalls();
  await prepared.run(counted.meddle);
  return { calls: counted.calls, truth: await prepared.truth() };
}

export interface FaultyEnd {
  readonly fault: Fault;
  readonly name: string;
  readonly truth: unknown;
  readonly wasReached: boolean;
}

/** Runs a way for a model of its own with one call that fails. */
export async function endWith(way: Way, fault: Fault, calls: readonly string[]): Promise<FaultyEnd> {
  const prepared = await way.prepare();
  const faulty = new FaultyCalls(fault);
  await prepared.run(faulty.meddle);
  const name = `${way.name}: ${fault.kind} ${fault.when} call ${fault.call}, ${faulty.calls[fault.call] ?? calls[fault.call]}`;
  return { fault, name, truth: await prepared.truth(), wasReached: faulty.wasReached };
}

/** Every fault of a way with so many calls. */
export function faultsOf(calls: number): Fault[] {
  return Array.from({ length: calls }, (_, call) =>
    (['before', 'after'] as const).flatMap((when) => faultKinds.map((kind) => ({ call, when, kind }))),
  ).flat();
}
