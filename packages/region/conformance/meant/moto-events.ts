import type { MeantDifference } from '../meant-difference.ts';
import { meantFor, recorded } from './meant.ts';

const api = 'https://docs.aws.amazon.com/eventbridge/latest/APIReference';
const entry = meantFor('moto', 'events');

export const motoEvents: readonly MeantDifference[] = [
  entry(
    /CreateEventBus with a space/,
    /outcome/,
    1,
    'ours',
    'moto does not check names',
    `${api}/API_CreateEventBus.html`,
  ),
  entry(
    /ListEventBuses/,
    /EventBuses|EventBuses\[\]\..*/,
    2,
    'ours',
    'moto lists no times, and the bus whose name it should have refused',
    `${api}/API_EventBus.html`,
  ),
  entry(
    /^rules: PutRule with/,
    /outcome/,
    6,
    'ours',
    'moto does not check patterns, names and states',
    `${api}/API_PutRule.html`,
  ),
  entry(
    /ListRules/,
    /Rules|Rules\[\]\..*/,
    2,
    'ours',
    'moto has rules that it should have refused',
    `${api}/API_PutRule.html`,
  ),
  entry(
    /^rules: PutTargets/,
    /outcome/,
    4,
    'ours',
    'moto does not check inputs and bounds',
    `${api}/API_PutTargets.html`,
  ),
  entry(
    /ListTargetsByRule$/,
    /Targets\[\]\.Input(Path)?/,
    1,
    'ours',
    'moto has taken what it should have refused',
    `${api}/API_PutTargets.html`,
  ),
  entry(
    /^entries: PutEvents of none/,
    /outcome/,
    1,
    'ours',
    'at least one entry',
    `${api}/API_PutEvents.html`,
  ),
  entry(
    /^entries: PutEvents (with a detail that is a list|of AWS itself)/,
    /FailedEntryCount|Entries\[\]\..*/,
    2,
    'ours',
    'a detail is an object, and sources of AWS are AWS’s own',
    `${api}/API_PutEvents.html`,
  ),
  entry(
    /^entries: PutEvents on a bus of none/,
    /outcome/,
    1,
    'neither',
    'AWS takes the entry and drops it; here its error is in the answer, because it is a mistake, and moto refuses the call',
    recorded('test_put_events_nonexistent_event_bus'),
  ),
  entry(
    /^deliveries: PutEvents (for|to) (a template|a path|a constant|everything|a disabled rule)/,
    /outcome|body/,
    12,
    'ours',
    'moto crashes on templates, delivers whole events where a target asks for less, without their account, and to disabled rules',
    'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html',
  ),
];
