import type * as z from 'zod';
import { type MachineDefinition, machineDefinitionSchema } from '../machine-definition.schema.ts';
import type { Finding } from './finding.ts';

/** Fields of the JSONPath dialect, and what JSONata has instead. */
const jsonPathFields: Readonly<Record<string, string>> = {
  InputPath: 'use $states.input where the value is needed',
  OutputPath: 'use Output',
  Parameters: 'use Arguments (Task, Parallel) or ItemSelector (Map)',
  ResultPath: 'use Output or Assign',
  ResultSelector: 'use Output or Assign with $states.result',
  Result: 'use Output',
  ItemsPath: 'use Items',
  SecondsPath: 'use Seconds with an expression',
  TimestampPath: 'use Timestamp with an expression',
  TimeoutSecondsPath: 'use TimeoutSeconds with an expression',
  HeartbeatSecondsPath: 'use HeartbeatSeconds with an expression',
  MaxConcurrencyPath: 'use MaxConcurrency with an expression',
  ErrorPath: 'use Error with an expression',
  CausePath: 'use Cause with an expression',
  Variable: 'use Condition',
  Iterator: 'use ItemProcessor',
};

/** Fields that AWS has for JSONata too and the local region has not. */
const unsupportedFields: readonly string[] = [
  'CSVDelimiter',
  'CSVHeaderLocation',
  'CSVHeaders',
  'Credentials',
  'ExpectedBucketOwner',
  'ItemsPointer',
  'ManifestType',
  'Transformation',
];

/** The definition by its schema: every field known, of its type and within its bounds. */
export function parseMachineDefinition(
  value: unknown,
): { readonly definition: MachineDefinition } | { readonly findings: Finding[] } {
  const parsed = machineDefinitionSchema.safeParse(value);
  if (parsed.success) return { definition: parsed.data };
  return { findings: parsed.error.issues.flatMap((issue) => findingsOf(issue)) };
}

function findingsOf(issue: z.core.$ZodIssue): Finding[] {
  const location = `/${issue.path.map(String).join('/')}`;
  if (issue.code !== 'unrecognized_keys') return [{ kind: 'invalid', location, message: issue.message }];
  return issue.keys.map((key) => {
    if (unsupportedFields.includes(key)) {
      return { kind: 'unsupported', location, message: `The local region does not support '${key}'.` };
    }
    const instead = Object.hasOwn(jsonPathFields, key)
      ? `is a field of JSONPath states; ${jsonPathFields[key]}`
      : 'is no field of this kind of state';
    return { kind: 'invalid', location, message: `'${key}' ${instead}.` };
  });
}
