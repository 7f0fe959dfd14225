import type { Json } from './machine-definition.schema.ts';
import { dataLimitExceeded } from './state-error.ts';

/** What a state, a task or an execution may take in or give out, in bytes of JSON in UTF-8: a hard limit of AWS. */
export const largestPayloadBytes = 256 * 1024;
/** All variables of an execution together, in bytes: AWS's limit. */
const largestVariablesBytes = 10 * 1024 * 1024;

export const payloadBytes = (value: Json): number => Buffer.byteLength(JSON.stringify(value), 'utf8');

/** The value itself; throws `States.DataLimitExceeded` in the name of `subject` when it is too large. */
export function withinPayloadLimit<Value extends Json>(value: Value, subject: string): Value {
  if (payloadBytes(value) > largestPayloadBytes) throw dataLimitExceeded(subject);
  return value;
}

/** Variables that a state assigns: each of them, and all of one state, within the payload limit. */
export function withinAssignLimit(
  assigned: Readonly<Record<string, Json>>,
  bytesOfOthers: number,
  stateName: string,
): void {
  const bytes = Object.values(assigned)
    .map(payloadBytes)
    .reduce((sum, bytes) => sum + bytes, 0);
  if (bytes > largestPayloadBytes || bytes + bytesOfOthers > largestVariablesBytes) {
    throw dataLimitExceeded(stateName);
  }
}
