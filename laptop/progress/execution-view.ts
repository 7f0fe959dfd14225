import type { HistoryEvent } from '@aws-sdk/client-sfn';

/** One state of an execution as its history tells it; a state that is entered again is the same step. */
export interface Step {
  readonly name: string;
  /** `Task`, `Wait`, `Choice` and so on. */
  readonly stateType: string;
  /** `caught`: it failed, and the workflow took another path. */
  readonly status: 'running' | 'done' | 'caught' | 'failed';
  /** How often it was entered. */
  readonly visits: number;
  /** Milliseconds spent in it by the visits that are over. */
  readonly elapsedMilliseconds: number;
  /** When the running visit began, in milliseconds since 1970. */
  readonly runningSince: number | undefined;
  /** What the running visit has called. */
  readonly task: TaskView | undefined;
  /** The last failure, retried or caught or fatal. */
  readonly error: FailureView | undefined;
}

/** What a task waits for. */
export interface TaskView {
  /** `lambda`, `sagemaker`, `aws-sdk:sagemaker`. */
  readonly service: string;
  /** `createTrainingJob.sync`. */
  readonly action: string;
  readonly parameters: unknown;
}

export interface FailureView {
  readonly error: string;
  readonly cause: string;
}

interface StepDraft {
  name: string;
  stateType: string;
  open: number;
  visits: number;
  elapsed: number;
  since: number;
  task: TaskView | undefined;
  error: FailureView | undefined;
  failed: boolean;
  /** Whether the visit under way has failed since it was begun or tried again. */
  isFailing: boolean;
  caught: boolean;
}

/** How states other than tasks fail. */
const stateFailures = new Set(['MapStateFailed', 'ParallelStateFailed', 'MapRunFailed', 'EvaluationFailed']);

/** The steps of an execution, in the order in which they were first entered. */
export function stepsOf(events: readonly HistoryEvent[]): Step[] {
  const steps = new Map<string, StepDraft>();
  /** Which state each event belongs to, so that parallel branches keep apart. */
  const stateOfEvent = new Map<number, string>();
  for (const event of events) {
    const name = nameOf(event) ?? stateOfEvent.get(event.previousEventId ?? 0);
    if (name === undefined || event.id === undefined) continue;
    stateOfEvent.set(event.id, name);
    apply(event, stepOf(steps, name));
  }
  return [...steps.values()].map(finished);
}

function nameOf({ stateEnteredEventDetails, stateExitedEventDetails }: HistoryEvent): string | undefined {
  return stateEnteredEventDetails?.name ?? stateExitedEventDetails?.name;
}

function stepOf(steps: Map<string, StepDraft>, name: string): StepDraft {
  const known = steps.get(name);
  if (known) return known;
  const step: StepDraft = {
    name,
    stateType: '',
    open: 0,
    visits: 0,
    elapsed: 0,
    since: 0,
    task: undefined,
    error: undefined,
    failed: false,
    isFailing: false,
    caught: false,
  };
  steps.set(name, step);
  return step;
}

function apply(event: HistoryEvent, step: StepDraft): void {
  const time = event.timestamp?.getTime() ?? 0;
  const type = event.type ?? '';
  if (type.endsWith('StateEntered')) enter(step, type.replace('StateEntered', ''), time);
  else if (type.endsWith('StateExited')) exit(step, time);
  else if (event.taskScheduledEventDetails) {
    const { resourceType, resource, parameters } = event.taskScheduledEventDetails;
    step.task = { service: resourceType ?? '', action: resource ?? '', parameters: parsed(parameters) };
    step.isFailing = false;
  } else {
    const failure =
      event.taskFailedEventDetails ??
      event.taskTimedOutEventDetails ??
      event.taskSubmitFailedEventDetails ??
      event.executionFailedEventDetails ??
      event.executionTimedOutEventDetails;
    if (failure) step.error = { error: failure.error ?? '', cause: failure.cause ?? '' };
    if (failure || stateFailures.has(type)) step.isFailing = true;
    // Of one of several visits at once, which fail and succeed in any order.
    else if (type.endsWith('Succeeded')) step.isFailing = false;
    if (type.startsWith('Execution')) end(step, time);
  }
}

function enter(step: StepDraft, stateType: string, time: number): void {
  if (step.open === 0) step.since = time;
  step.stateType = stateType;
  step.open += 1;
  step.visits += 1;
  step.task = undefined;
  step.isFailing = false;
}

function exit(step: StepDraft, time: number): void {
  step.open -= 1;
  // A task that fails is left only by a catch; what was retried with success was scheduled again.
  step.caught = step.isFailing;
  step.isFailing = false;
  if (step.open === 0) step.elapsed += time - step.since;
}

/** The execution is over while this state has not been left. */
function end(step: StepDraft, time: number): void {
  if (step.open > 0) {
    step.elapsed += time - step.since;
    step.failed = true;
    step.open = 0;
  }
}

function finished({ open, elapsed, since, failed, caught, ...step }: StepDraft): Step {
  const { name, stateType, visits, task, error } = step;
  const over = caught ? 'caught' : 'done';
  const status = failed || stateType === 'Fail' ? 'failed' : open > 0 ? 'running' : over;
  return {
    name,
    stateType,
    status,
    visits,
    elapsedMilliseconds: elapsed,
    runningSince: open > 0 ? since : undefined,
    task: open > 0 ? task : undefined,
    error,
  };
}

function parsed(json: string | undefined): unknown {
  return json === undefined ? undefined : JSON.parse(json);
}
