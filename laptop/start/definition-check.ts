import { readFileSync } from 'node:fs';
import type { DefinitionFinding } from '@tidemark/domain/definition/definition-finding.ts';
import { parseDefinition } from '@tidemark/domain/definition/parse-definition.ts';
import type { Config } from '../../infra/config.schema.ts';
import { configOf } from '../../infra/config.ts';
import { readContext } from './synthesis.ts';

/**
 * What onboarding will find wrong with a definition file, as far as the file alone says. It takes a moment, where a first start takes
 * half a minute before onboarding can say it.
 */
export function findingsOfDefinition(
  definitionFile: string,
  options: { readonly model: string; readonly projectDirectory: string; readonly stage?: string | undefined },
): readonly DefinitionFinding[] {
  const config = configured(options);
  if (!config) return [];
  const { images = null, ...limits } = config.limits;
  const parsed = parseDefinition(readFileSync(definitionFile), {
    model: options.model,
    limits: { images, ...limits },
  });
  return parsed.ok ? [] : parsed.problems;
}

/** @returns nothing for a wrong `cdk.json`: the synthesis says what is wrong with it */
function configured(options: {
  readonly projectDirectory: string;
  readonly stage?: string | undefined;
}): Config | undefined {
  try {
    return configOf(readContext(options.projectDirectory, options).tidemark, options);
  } catch {
    return undefined;
  }
}
