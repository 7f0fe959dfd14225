import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

/** What is read of a line that a function of any release has logged. */
const lineSchema = z.object({ executionArn: z.string(), codeVersion: z.string() });

/** Versions of the code that has run for each execution, by its ARN, as functions have logged it. */
export function executedCode(stateDirectory: string): Map<string, Set<string>> {
  const directory = join(stateDirectory, 'lambda', 'logs');
  const found = new Map<string, Set<string>>();
  for (const file of readdirSync(directory)) {
    for (const [json] of readFileSync(join(directory, file), 'utf8').matchAll(/\{.*$/gm)) {
      const line = lineSchema.safeParse(JSON.parse(json)).data;
      if (line === undefined) continue;
      const codes = found.get(line.executionArn) ?? new Set();
      found.set(line.executionArn, codes.add(line.codeVersion));
    }
  }
  return found;
}
