import * as z from 'zod';
import type { TaskView } from './execution-view.ts';

/** Members of requests by which a SageMaker job is known. */
const jobNames = ['TrainingJobName', 'TransformJobName', 'ProcessingJobName', 'EndpointName'] as const;

const lambdaSchema = z.object({ FunctionName: z.string() });
const recordSchema = z.record(z.string(), z.unknown());

/**
 * What a task waits for, in words.
 * @param functionLabel a function's ARN or name as a person knows it.
 */
export function taskText(task: TaskView, functionLabel: (name: string) => string): string {
  const lambda = task.service === 'lambda' && lambdaSchema.safeParse(task.parameters).data;
  if (lambda) return `function ${functionLabel(lambda.FunctionName)}`;
  const service = task.service.replace('aws-sdk:', '');
  if (service === 'events') return 'the event bus';
  const action = task.action
    .replace(/[.:].*$/, '')
    .replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
  const parameters = recordSchema.safeParse(task.parameters).data ?? {};
  const name = jobNames.map((member) => parameters[member]).find((value) => typeof value === 'string');
  return [service, action, name].filter(Boolean).join(' ');
}
