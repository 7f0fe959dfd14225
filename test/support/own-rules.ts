import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { type EventTest, eventPattern } from '../../packages/region/services/events/pattern/event-pattern.ts';
import { synthesisedAssembly } from './assembly.ts';
import type { Machine, Meddle } from './machine.ts';

const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).optional() }),
  ),
});
const patternSchema = z.looseObject({ detail: z.looseObject({ stateMachineArn: z.unknown() }) });

/** The rules of the synthesised app that start a capability's machine on the end of one of its own executions. */
export async function ownRules(capability: string): Promise<EventTest> {
  const directory = await synthesisedAssembly();
  const tests = readdirSync(directory)
    .filter((file) => file.endsWith('.template.json'))
    .flatMap((file) =>
      Object.entries(templateSchema.parse(JSON.parse(readFileSync(join(directory, file), 'utf8'))).Resources),
    )
    .filter(([id, { Type }]) => Type === 'AWS::Events::Rule' && id.startsWith(`${capability}WorkflowOn`))
    .flatMap(([, { Properties }]) => {
      const pattern = patternSchema.safeParse(Properties?.EventPattern);
      if (!pattern.success || pattern.data.detail.stateMachineArn === undefined) return [];
      const { stateMachineArn: _, ...detail } = pattern.data.detail;
      return [eventPattern(JSON.stringify({ ...pattern.data, detail }))];
    });
  return (event) => tests.some((test) => test(event));
}

/** As often as an execution may start another: more would go on for ever. */
const maximumStarts = 4;

/**
 * Runs an execution, and those that the rules start on its end and on theirs.
 * @returns how the last has ended: `SUCCEEDED`, or `FAILED ModelBusy`
 * @throws Error when there is no end to them
 */
export async function runWithOwnRules(
  machine: Machine,
  isStarting: EventTest,
  input: unknown,
  meddle: Meddle,
): Promise<string> {
  let next: unknown = input;
  for (let start = 0; start < maximumStarts; start += 1) {
    const execution = machine.execution(next, meddle);
    const { status, errorName, cause } = await execution.run();
    const event = {
      source: 'aws.states',
      'detail-type': 'Step Functions Execution Status Change',
      detail: {
        executionArn: execution.arn,
        stateMachineArn: machine.arn,
        status,
        startDate: Date.now(),
        input: JSON.stringify(execution.input),
        ...(errorName !== undefined && { error: errorName }),
        cause: cause ?? null,
      },
    };
    if (!isStarting(event)) return [status, errorName].filter((part) => part !== undefined).join(' ');
    next = event;
  }
  throw new Error(`Each execution of ${machine.arn} starts another.`);
}
