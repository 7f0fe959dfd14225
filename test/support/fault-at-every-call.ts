import { isDeepStrictEqual } from 'node:util';
import { StateError } from '../../packages/region/states/state-error.ts';
import type { Meddle } from './machine.ts';

/** How a function's call fails: its process dies, its time runs out, or the service does not answer. */
const functionFaults = ['Runtime.ExitError', 'Sandbox.Timedout', 'ServiceUnavailable'] as const;
/** How a call that a state makes itself fails. */
const stateFaults = ['SdkClientException', 'States.Timeout'] as const;
type FaultKind = (typeof functionFaults)[number] | (typeof stateFaults)[number];

export interface Fault {
  /** `JudgeBatch.GetObject 2`: the second of its kind in the way. A call that a state makes itself: `state.putEvents 1`. */
  readonly call: string;
  /** Before it has an effect, or after it, so that only the answer is lost. */
  readonly when: 'before' | 'after';
  readonly kind: FaultKind;
}

/** A way through a state machine, for any number of models. */
export interface Way {
  readonly name: string;
  /** Ends that differ from the one without a fault, and are meant to. */
  readonly meant?: readonly MeantEnd[];
  /** Prepares a model of its own. */
  prepare(): Promise<PreparedWay>;
}

export interface PreparedWay {
  /** Runs the execution, and what EventBridge's rules start when it fails. */
  run(meddle: Meddle): Promise<void>;
  /** All that must be the same in the end, without names and times. */
  truth(): Promise<Truth>;
  /** Stops what goes on running of the model. */
  dispose?(): Promise<void>;
}

type Truth = Readonly<Record<string, unknown>>;

export interface MeantEnd {
  /** Of the faults whose `<kind> <when> <call>` this fits. */
  readonly faults: RegExp;
  /** What is otherwise than without a fault. */
  readonly truth: Truth;
  readonly because: string;
}

/** A machine's ways, and the region they run in. */
export interface Ways {
  readonly ways: readonly Way[];
  stop(): Promise<void>;
}

/** Counts the calls of an execution by their names, and makes one of them fail. */
class FaultyCalls {
  readonly names: string[] = [];
  readonly #times = new Map<string, number>();
  readonly #fault: Fault | undefined;
  #isReached = false;

  constructor(fault?: Fault) {
    this.#fault = fault;
  }

  get isReached(): boolean {
    return this.#isReached;
  }

  readonly meddle: Meddle = {
    call: async ({ task, operation, send, die }) => {
      const fault = this.#begin(`${task}.${operation}`);
      if (fault === undefined) return send();
      if (fault.when === 'after') await send();
      if (fault.kind === 'ServiceUnavailable') throw unavailable();
      return die(new StateError(fault.kind, `The test ends ${task} ${fault.when} ${operation}.`));
    },
    direct: async ({ resource, send }) => {
      const { service, action } = resource;
      const fault = this.#begin(`state.${action}`);
      if (fault === undefined) return send();
      if (fault.when === 'after') await send();
      const name = fault.kind === 'States.Timeout' ? fault.kind : `${errorPrefix(service)}.${fault.kind}`;
      throw new StateError(name, `The test ends ${fault.when} ${action}.`);
    },
  };

  /** @returns the fault if it is the one of this call */
  #begin(what: string): Fault | undefined {
    const times = (this.#times.get(what) ?? 0) + 1;
    this.#times.set(what, times);
    const name = `${what} ${times}`;
    this.names.push(name);
    if (this.#fault?.call !== name) return undefined;
    this.#isReached = true;
    return this.#fault;
  }
}

/** Before the dot of the error names that Step Functions gives. */
function errorPrefix(service: string): string {
  const prefix = errorPrefixes[service];
  if (prefix === undefined) throw new Error(`The prefix of the error names of ${service} is not known.`);
  return prefix;
}
const errorPrefixes: Readonly<Record<string, string>> = {
  cloudwatch: 'CloudWatch',
  events: 'EventBridge',
  s3: 'S3',
  sagemaker: 'SageMaker',
  scheduler: 'Scheduler',
  states: 'StepFunctions',
};

/** As an SDK client throws it when it has given up. */
function unavailable(): Error {
  return Object.assign(new Error('Service is unable to handle request.'), {
    name: 'ServiceUnavailable',
    $fault: 'server',
    $metadata: { httpStatusCode: 503, attempts: 1 },
  });
}

/** What a way is without a fault. */
export interface Reference {
  readonly calls: readonly string[];
  readonly truth: Truth;
}

export async function referenceOf(way: Way): Promise<Reference> {
  const prepared = await way.prepare();
  const counted = new FaultyCalls();
  await prepared.run(counted.meddle);
  const truth = await prepared.truth();
  await prepared.dispose?.();
  return { calls: counted.names, truth };
}

/** Every fault of the calls. */
export function faultsOf(calls: readonly string[]): Fault[] {
  return calls.flatMap((call) =>
    (['before', 'after'] as const).flatMap((when) =>
      (call.startsWith('state.') ? stateFaults : functionFaults).map((kind) => ({ call, when, kind })),
    ),
  );
}

/** `Sandbox.Timedout after Prepare.PutObject 1`. */
export function faultName({ call, when, kind }: Fault): string {
  return `${kind} ${when} ${call}`;
}

/** How a way has ended that was to end as it does without a fault, or as it is meant to. */
export interface FaultyEnd {
  readonly fault: Fault;
  /** `unreached`: the execution went another way this time, and never made the call. */
  readonly verdict: 'same' | 'meant' | 'differs' | 'unreached';
  /** What is otherwise, if it differs: a sentence for each. */
  readonly differences: readonly string[];
}

/** Real time after which an execution is held to be stuck. */
const patienceMilliseconds = 300_000;

/** Runs a way for a model of its own with one call that fails. */
export async function endWith(way: Way, fault: Fault, reference: Reference): Promise<FaultyEnd> {
  const prepared = await way.prepare();
  const faulty = new FaultyCalls(fault);
  const isOver = await withinPatience(prepared.run(faulty.meddle));
  if (!isOver) return { fault, verdict: 'differs', differences: ['The execution does not end.'] };
  const truth = await prepared.truth();
  await prepared.dispose?.();
  return { fault, ...judged(truth, fault, reference, way, faulty.isReached) };
}

function judged(
  truth: Truth,
  fault: Fault,
  reference: Reference,
  way: Way,
  isReached: boolean,
): Pick<FaultyEnd, 'verdict' | 'differences'> {
  const differences = differencesOf(reference.truth, truth);
  if (differences.length === 0) return { verdict: isReached ? 'same' : 'unreached', differences };
  const isMeant = (way.meant ?? []).some(
    ({ faults, truth: otherwise }) =>
      faults.test(faultName(fault)) &&
      differencesOf({ ...reference.truth, ...otherwise }, truth).length === 0,
  );
  return isMeant ? { verdict: 'meant', differences: [] } : { verdict: 'differs', differences };
}

function differencesOf(expected: Truth, truth: Truth): string[] {
  return [...new Set([...Object.keys(expected), ...Object.keys(truth)])]
    .filter((key) => !isDeepStrictEqual(expected[key], truth[key]))
    .map((key) => `${key} is ${JSON.stringify(truth[key])} and not ${JSON.stringify(expected[key])}`);
}

async function withinPatience(run: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), patienceMilliseconds);
  });
  try {
    return await Promise.race([run.then(() => true), patience]);
  } finally {
    clearTimeout(timer);
  }
}
