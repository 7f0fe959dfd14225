import {
  isDistributed,
  type MachineDefinition,
  type State,
  type States,
} from '../machine-definition.schema.ts';
import { StateError } from '../state-error.ts';
import { parseResource } from '../tasks/resource.ts';
import { assertServed } from '../tasks/served-resources.ts';
import type { Finding } from './finding.ts';
import { type Block, blocksOf, transitionsOf } from './walk.ts';

/** Transitions, names, wildcards and resources: what AWS checks beyond the form of single fields. */
export function checkStructure(definition: MachineDefinition): Finding[] {
  return [
    ...duplicateNames(definition),
    ...[...blocksOf(definition)].flatMap((block) => [
      ...checkTransitions(block),
      ...checkReachability(block),
      ...Object.entries(block.states.States).flatMap(([name, state]) =>
        checkState(state, `${block.location}/States/${name}`),
      ),
    ]),
  ];
}

const invalid = (location: string, message: string): Finding => ({ kind: 'invalid', location, message });

/** A state's name is unique in the whole machine, branches and item processors included. */
function duplicateNames(definition: MachineDefinition): Finding[] {
  const seen = new Set<string>();
  const findings: Finding[] = [];
  for (const { states, location } of blocksOf(definition)) {
    for (const name of Object.keys(states.States)) {
      if (seen.has(name)) {
        findings.push(
          invalid(`${location}/States/${name}`, `Another state is called '${name}' too; rename one.`),
        );
      }
      seen.add(name);
    }
  }
  return findings;
}

function checkTransitions({ states, location }: Block): Finding[] {
  const findings: Finding[] = [];
  const check = (to: string, at: string) => {
    if (!Object.hasOwn(states.States, to)) findings.push(invalid(at, `There is no state '${to}' here.`));
  };
  check(states.StartAt, `${location}/StartAt`);
  for (const [name, state] of Object.entries(states.States)) {
    for (const { field, to } of transitionsOf(state)) check(to, `${location}/States/${name}/${field}`);
  }
  return findings;
}

function checkReachability({ states, location }: Block): Finding[] {
  const reached = reachable(states);
  const findings = Object.keys(states.States)
    .filter((name) => !reached.has(name))
    .map((name) => invalid(`${location}/States/${name}`, 'No transition leads to this state; remove it.'));
  const ends = [...reached].some((name) => {
    const state = states.States[name];
    return state !== undefined && isEnd(state);
  });
  return ends
    ? findings
    : [...findings, invalid(`${location}/States`, 'No reachable state ends these states.')];
}

function reachable({ StartAt, States }: States): Set<string> {
  const reached = new Set<string>();
  const open = [StartAt];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const state = Object.hasOwn(States, name) ? States[name] : undefined;
    if (state === undefined || reached.has(name)) continue;
    reached.add(name);
    open.push(...transitionsOf(state).map(({ to }) => to));
  }
  return reached;
}

const isEnd = (state: State): boolean =>
  state.Type === 'Succeed' || state.Type === 'Fail' || ('End' in state && state.End === true);

function checkState(state: State, location: string): Finding[] {
  return [
    ...checkEnding(state, location),
    ...checkWait(state, location),
    ...checkWildcards(state, location),
    ...checkResource(state, location),
    ...checkMode(state, location),
  ];
}

function checkEnding(state: State, location: string): Finding[] {
  if (state.Type === 'Choice' || state.Type === 'Succeed' || state.Type === 'Fail') return [];
  const hasNext = state.Next !== undefined;
  return hasNext === (state.End === true)
    ? [invalid(location, "The state needs either 'Next' or '\"End\": true', and not both.")]
    : [];
}

function checkWait(state: State, location: string): Finding[] {
  if (state.Type !== 'Wait') return [];
  return (state.Seconds === undefined) === (state.Timestamp === undefined)
    ? [invalid(location, "The state needs either 'Seconds' or 'Timestamp', and not both.")]
    : [];
}

/** `States.ALL` stands alone in its list, and its list is the last one. */
function checkWildcards(state: State, location: string): Finding[] {
  return (['Retry', 'Catch'] as const).flatMap((field) => {
    const lists =
      state.Type === 'Task' || state.Type === 'Parallel' || state.Type === 'Map' ? state[field] : [];
    return (lists ?? []).flatMap(({ ErrorEquals }, index, all) => {
      if (!ErrorEquals.includes('States.ALL')) return [];
      const alone = ErrorEquals.length === 1 && index === all.length - 1;
      const message = "'States.ALL' must stand alone in its ErrorEquals, in the last entry.";
      return alone ? [] : [invalid(`${location}/${field}[${index}]/ErrorEquals`, message)];
    });
  });
}

function checkResource(state: State, location: string): Finding[] {
  if (state.Type !== 'Task') return [];
  try {
    assertServed(parseResource(state.Resource));
    return [];
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    return [{ kind: 'unsupported', location: `${location}/Resource`, message: error.cause ?? '' }];
  }
}

/** What only distributed maps have, and what the local region has of them. */
function checkMode(state: State, location: string): Finding[] {
  if (state.Type !== 'Map') return [];
  const unsupported = (at: string, message: string): Finding => ({
    kind: 'unsupported',
    location: `${location}/${at}`,
    message: `The local region ${message}.`,
  });
  if (!isDistributed(state)) {
    return distributedFields
      .filter((name) => state[name] !== undefined)
      .map((name) => invalid(`${location}/${name}`, `'${name}' is for distributed maps only.`));
  }
  const { ProcessorConfig } = state.ItemProcessor;
  const inputType = state.ItemReader?.ReaderConfig?.InputType ?? 'JSON';
  return [
    ...(ProcessorConfig?.ExecutionType === 'EXPRESS'
      ? [unsupported('ItemProcessor/ProcessorConfig/ExecutionType', 'runs STANDARD children only')]
      : []),
    ...(['JSON', 'JSONL'].includes(inputType)
      ? []
      : [unsupported('ItemReader/ReaderConfig/InputType', `reads JSON and JSONL, not ${inputType}`)]),
    ...(state.ResultWriter?.WriterConfig?.OutputType === 'JSONL'
      ? [unsupported('ResultWriter/WriterConfig/OutputType', 'writes JSON, not JSONL')]
      : []),
    ...(state.Items !== undefined && state.ItemReader !== undefined
      ? [invalid(location, "The map needs either 'Items' or 'ItemReader', and not both.")]
      : []),
  ];
}

const distributedFields = [
  'ItemReader',
  'ItemBatcher',
  'ResultWriter',
  'ToleratedFailureCount',
  'ToleratedFailurePercentage',
  'Label',
] as const;
