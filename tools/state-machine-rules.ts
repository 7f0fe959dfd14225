import validate from 'asl-validator';
import jsonata from 'jsonata';
import { z } from 'zod';

const stateSchema = z.looseObject({
  Type: z.string(),
  TimeoutSeconds: z.unknown().optional(),
  Retry: z.array(z.unknown()).optional(),
  Catch: z.array(z.unknown()).optional(),
});
const machineSchema = z.looseObject({
  Comment: z.string(),
  QueryLanguage: z.literal('JSONata'),
  TimeoutSeconds: z.int(),
  States: z.record(z.string(), stateSchema),
});

/**
 * What is wrong with a state machine: against the Amazon States Language, against our conventions (`docs/design.md`), and
 * in its JSONata. Empty when nothing is.
 */
export function findProblems(definition: string): string[] {
  const json = parse(definition);
  if ('problem' in json) return [json.problem];
  const machine = machineSchema.safeParse(json.value);
  if (!machine.success) return [z.prettifyError(machine.error)];
  const { errorsText, isValid } = validate(structuredClone(machine.data), { checkArn: false });
  return [
    ...(isValid ? [] : [errorsText()]),
    ...tasksOf(machine.data).flatMap(([name, task]) => conventionProblems(name, task)),
    ...expressionsOf(machine.data).flatMap(expressionProblems),
  ];
}

function parse(definition: string): { value: unknown } | { problem: string } {
  try {
    return { value: JSON.parse(definition) };
  } catch (error) {
    return { problem: `not JSON: ${String(error)}` };
  }
}

/** Every Task state, those within Map and Parallel states too. */
function tasksOf(value: unknown): [string, z.infer<typeof stateSchema>][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const state = stateSchema.safeParse(member);
    const own = state.success && state.data.Type === 'Task' ? ([[name, state.data]] as const) : [];
    return [...own.map(([key, data]): [string, typeof data] => [key, data]), ...tasksOf(member)];
  });
}

function conventionProblems(name: string, task: z.infer<typeof stateSchema>): string[] {
  return (['TimeoutSeconds', 'Retry', 'Catch'] as const)
    .filter((field) => task[field] === undefined)
    .map((field) => `task "${name}" has no ${field}`);
}

function expressionsOf(value: unknown): string[] {
  if (typeof value === 'string') return /^\{%[\s\S]*%\}$/.test(value) ? [value.slice(2, -2)] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(expressionsOf);
}

function expressionProblems(expression: string): string[] {
  try {
    jsonata(expression);
    return [];
  } catch (error) {
    const message = error instanceof Error ? error.message : JSON.stringify(error);
    return [`expression {%${expression}%}: ${message}`];
  }
}
