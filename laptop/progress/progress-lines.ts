import type { FailureView, Step } from './execution-view.ts';
import type { ExecutionView } from './executions.client.ts';
import { duration, type Line } from './line.ts';
import { taskText } from './task-text.ts';

/** Widths of the columns: capabilities have up to 8 letters, states are verb phrases. */
const capabilityColumn = 10;
const stateColumn = 34;
const timeColumn = 11;

/** State types that decide or reshape: over in no time, and no news. */
const silentTypes = new Set(['Choice', 'Pass', 'Succeed', 'Fail']);

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
/** Time that each of the spinner's frames is shown. */
const frameMilliseconds = 100;

/** A step that is over, as a line that stays; nothing for steps that say nothing new. */
export function finishedStepLine(label: string, step: Step): Line | undefined {
  if (silentTypes.has(step.stateType) && step.status === 'done') return undefined;
  const isAbsence = isWantedAbsence(step);
  const wasCaught = step.status === 'caught' && !isAbsence;
  const failed = step.status === 'failed';
  return [
    { text: '  ' },
    failed
      ? { text: '✗ ', style: 'bad' }
      : wasCaught
        ? { text: '! ', style: 'warn' }
        : { text: '✓ ', style: 'good' },
    { text: padded(label), style: 'dim' },
    { text: `${step.name} `.padEnd(stateColumn) },
    { text: duration(step.elapsedMilliseconds).padStart(timeColumn), style: 'dim' },
    { text: '   ' },
    { text: isAbsence ? '' : noteText(step), style: failed ? 'bad' : 'warn', isProse: true },
  ];
}

/** That something to be deleted is not there is what was wanted. */
function isWantedAbsence({ name, status, error }: Step): boolean {
  const isOver = status === 'done' || status === 'caught';
  return name.startsWith('Delete') && isOver && /NotFound/.test(error?.error ?? '');
}

/** What went wrong on the way. */
function noteText({ status, error }: Step): string {
  if (!error) return '';
  if (status === 'caught') return `failed, and was handled: ${failureText(error)}`;
  return status === 'done' ? `after ${failureText(error)}` : failureText(error);
}

/** At least a column's width, and apart from what follows. */
const padded = (label: string): string => `${label} `.padEnd(capabilityColumn);

/** A step that runs: what it is, how long already, and what it waits for. */
export function runningStepLine(
  label: string,
  step: Step,
  now: number,
  functionLabel: (name: string) => string,
): Line {
  const frame = spinner[Math.floor(now / frameMilliseconds) % spinner.length] ?? '';
  const again = step.visits > 1 ? ` (${step.visits} times)` : '';
  return [
    { text: '  ' },
    { text: `${frame} `, style: 'accent' },
    { text: padded(label), style: 'dim' },
    { text: `${step.name}${again} `.padEnd(stateColumn) },
    { text: duration(now - (step.runningSince ?? now)).padStart(timeColumn) },
    { text: `   ${waitingText(step, functionLabel)}`, style: 'dim' },
  ];
}

/** The last line of an execution that did not succeed. */
export function failedExecutionLine(label: string, { status, steps }: ExecutionView): Line {
  const cause = steps.findLast(({ status: stepStatus }) => stepStatus === 'failed')?.error;
  return [
    { text: '  ' },
    { text: '✗ ', style: 'bad' },
    { text: padded(label), style: 'dim' },
    { text: `workflow ${status.toLowerCase().replace('_', ' ')}`, style: 'bad' },
    { text: cause ? ': ' : '' },
    { text: cause ? failureText(cause) : '', isProse: true },
  ];
}

function waitingText(step: Step, functionLabel: (name: string) => string): string {
  if (step.error && step.task === undefined) return `will be tried again after ${failureText(step.error)}`;
  if (step.task) return taskText(step.task, functionLabel);
  return step.stateType === 'Wait' ? 'pausing' : '';
}

/** Longest cause that is shown beside a step; the whole is in the execution's history. */
const longestCause = 200;

function failureText({ error, cause }: FailureView): string {
  const message = causeMessage(cause).replaceAll(/\s+/g, ' ');
  const short = message.length > longestCause ? `${message.slice(0, longestCause)}…` : message;
  return [error, short].filter(Boolean).join(': ');
}

/** A function's failure comes as `{"errorType":…,"errorMessage":…}`; other causes are text. */
function causeMessage(cause: string): string {
  try {
    const { errorMessage } = JSON.parse(cause) as { errorMessage?: unknown };
    return typeof errorMessage === 'string' ? errorMessage : cause;
  } catch {
    return cause;
  }
}
