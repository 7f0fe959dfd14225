import type { Node } from 'constructs';
import { z } from 'zod';
import { type Config, configSchema } from './config.schema.ts';

/**
 * Reads the configuration: the `tidemark` object of `cdk.json`'s context, each field of which `-c <field>=<value>` overrides.
 * @throws Error that names each wrong field and what it must be.
 */
export function readConfig(node: Node): Config {
  const overrides = Object.keys(configSchema.shape).flatMap((field) => {
    const value: unknown = node.tryGetContext(field);
    return value === undefined ? [] : [[field, parseOverride(value)]];
  });
  const result = configSchema.safeParse({
    ...node.tryGetContext('tidemark'),
    ...Object.fromEntries(overrides),
  });
  if (result.success) return result.data;
  throw new Error(
    `The configuration (cdk.json, context, tidemark) is not valid:\n${z.prettifyError(result.error)}`,
  );
}

/** The command line gives strings; numbers and objects arrive as JSON. */
function parseOverride(value: unknown): unknown {
  if (typeof value !== 'string' || !/^[\d{["]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
