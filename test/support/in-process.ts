import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CallerInvocation, RunFunction } from '@tidemark/region';
import { vi } from 'vitest';
import { actingAs } from './acting-as.ts';

type FunctionConfiguration = CallerInvocation['configuration'];
type Handler = (event: unknown, context: CallerInvocation['context']) => Promise<unknown>;

/**
 * Runs the app's functions from their sources in the test's process, each under the key of its role: a process and a bundle for each takes
 * half the time of a loop. The variables that the templates give have one value over all functions, but the memory.
 */
export function inProcess(): RunFunction {
  const handlers = new Map<string, Promise<Handler>>();
  // Handlers of an earlier region have its endpoint.
  vi.resetModules();
  return async ({ configuration, environment, event, context, log }) => {
    let handler = handlers.get(configuration.name);
    if (!handler) {
      handler = load(sourceOf(configuration), environment);
      handlers.set(configuration.name, handler);
    }
    const { AWS_ACCESS_KEY_ID: accessKeyId = '' } = environment;
    const run = await handler;
    return await actingAs({ accessKeyId, log }, () => run(event, context));
  };
}

/** The source of a function, by where the CDK made it: `<stack>/Ingest/ClaimArrival/Function/Resource`. */
function sourceOf({ name: functionName, constructPath }: FunctionConfiguration): string {
  const [, capability = '', name = ''] = constructPath?.split('/') ?? [];
  const file = resolve('functions', kebab(capability), `${kebab(name)}.lambda.ts`);
  if (!existsSync(file)) throw new Error(`${functionName}, made at ${constructPath}, has no source ${file}.`);
  return file;
}

/** Handlers read their environment when they are loaded, as Lambda gives it. */
async function load(file: string, environment: CallerInvocation['environment']): Promise<Handler> {
  Object.assign(process.env, environment, { AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1769' });
  const { handler } = await import(/* @vite-ignore */ file);
  return handler;
}

const kebab = (name: string) => name.replace(/(?<=[a-z])[A-Z]/g, '-$&').toLowerCase();
