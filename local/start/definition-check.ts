import { readFileSync } from 'node:fs';
import { parseDefinition } from '../../functions/definition/parse-definition.ts';
import type { Problem } from '../../functions/definition/problem.ts';
import { configSchema } from '../../infra/config.schema.ts';
import { readContext } from './synthesis.ts';

/**
 * What onboarding will find wrong with a definition file, as far as the file alone says. It takes a moment, where a first start takes
 * half a minute before onboarding can say it.
 */
export function definitionProblems(
  definitionFile: string,
  { model, projectDirectory }: { readonly model: string; readonly projectDirectory: string },
): readonly Problem[] {
  const config = configSchema.safeParse(readContext(projectDirectory).tidemark);
  // The synthesis says what is wrong with cdk.json.
  if (!config.success) return [];
  const { images = null, ...limits } = config.data.limits;
  const parsed = parseDefinition(readFileSync(definitionFile), { model, limits: { images, ...limits } });
  return parsed.ok ? [] : parsed.problems;
}
