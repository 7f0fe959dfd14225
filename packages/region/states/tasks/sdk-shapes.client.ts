import type { NormalizedSchema } from '@smithy/core/schema';
import type { Json } from '../machine-definition.schema.ts';
import { runtimeError } from '../state-error.ts';

/**
 * Between the JSON of a state machine and the values of the JavaScript SDK, by the SDK's own schemas. Step Functions
 * spells every member in Pascal case, whatever the service does on the wire (`ImageIds` for ECR's `imageIds`).
 */

/** How times appear in a result: the `aws-sdk` integrations give ISO strings, the optimised ones milliseconds. */
export type TimeForm = 'iso' | 'milliseconds';

/**
 * A task's arguments as the SDK takes them.
 * @throws StateError `States.Runtime` for a parameter that the operation does not have
 */
export function toSdk(schema: NormalizedSchema, value: Json): unknown {
  if (value === null) return null;
  if (schema.isStructSchema() && isObject(value)) return structToSdk(schema, value);
  if (schema.isListSchema() && Array.isArray(value)) {
    return value.map((item) => toSdk(schema.getValueSchema(), item));
  }
  if (schema.isMapSchema() && isObject(value)) {
    return mapValues(value, (member) => toSdk(schema.getValueSchema(), member));
  }
  if (schema.isTimestampSchema()) return typeof value === 'string' ? new Date(value) : value;
  if (schema.isBlobSchema()) return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
  // An object for a text becomes its JSON (LocalStack 8b9a79f, test_sfn_start_execution_implicit_json_serialisation).
  if (schema.isStringSchema() && typeof value === 'object') return JSON.stringify(value);
  return value;
}

function structToSdk(
  schema: NormalizedSchema,
  value: Readonly<Record<string, Json>>,
): Record<string, unknown> {
  const members = schema.getMemberSchemas();
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const key = [name, `${name.charAt(0).toLowerCase()}${name.slice(1)}`].find((known) => known in members);
      const memberSchema = key === undefined ? undefined : members[key];
      if (key === undefined || memberSchema === undefined || !/^[A-Z]/.test(name)) {
        throw runtimeError(`The field "${name}" is not supported by Step Functions`);
      }
      return [key, toSdk(memberSchema, member)];
    }),
  );
}

/** A response of the SDK as a task's result. Streams are read to their end. */
export async function fromSdk(schema: NormalizedSchema, value: unknown, times: TimeForm): Promise<Json> {
  if (value === undefined || value === null) return null;
  if (value instanceof Date) return times === 'iso' ? value.toISOString() : value.getTime();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (hasText(value)) return value.transformToString();
  if (Array.isArray(value)) {
    const items = schema.getValueSchema();
    return Promise.all(value.map((item) => fromSdk(items, item, times)));
  }
  if (typeof value === 'object') return objectFromSdk(schema, value, times);
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  return Number(value);
}

async function objectFromSdk(schema: NormalizedSchema, value: object, times: TimeForm): Promise<Json> {
  const entries = Object.entries(value)
    .filter(([key, member]) => member !== undefined && key !== '$metadata')
    .map(async ([key, member]): Promise<[string, Json]> => {
      if (schema.isMapSchema()) return [key, await fromSdk(schema.getValueSchema(), member, times)];
      if (!schema.isStructSchema()) return [key, await fromSdk(schema, member, times)];
      const name = `${key.charAt(0).toUpperCase()}${key.slice(1)}`;
      return [name, await fromSdk(schema.getMemberSchema(key), member, times)];
    });
  return Object.fromEntries(await Promise.all(entries));
}

const isObject = (value: Json): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const mapValues = (value: Readonly<Record<string, Json>>, change: (member: Json) => unknown) =>
  Object.fromEntries(Object.entries(value).map(([key, member]) => [key, change(member)]));

/** The body of a streaming response. */
const hasText = (value: unknown): value is { transformToString(): Promise<string> } =>
  typeof value === 'object' && value !== null && 'transformToString' in value;
