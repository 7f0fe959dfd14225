import type { Node } from 'constructs';
import * as z from 'zod';
import { type Config, configSchema } from './config.schema.ts';

const where = 'The configuration (cdk.json, context, tidemark)';

/** Settings of all stages, and of each by itself. What they are is checked when they are put together. */
const fileSchema = z
  .looseObject({ stages: z.record(z.string(), z.record(z.string(), z.unknown())).default({}) })
  .prefault({});

/**
 * Reads the configuration of a stage: the `tidemark` object of `cdk.json`'s context, and on top of it what its `stages` have under the
 * stage's name. The command line chooses the stage (`-c stage=prod`) and says nothing else: a setting that is not in the file would be
 * forgotten by the next deployment, which would take a key, a network or a subscription away.
 * @throws Error that names each wrong field and what it must be.
 */
export function readConfig(node: Node): Config {
  const given = Object.keys(configSchema.shape).filter((field) => node.tryGetContext(field) !== undefined);
  return configOf(node.tryGetContext('tidemark'), { stage: node.tryGetContext('stage'), given });
}

/**
 * As `readConfig`, of what the context holds.
 * @param chosen the stage that the command line says, the names of all the settings that it says, and how it says a stage.
 * @throws Error as `readConfig`
 */
export function configOf(
  tidemark: unknown,
  chosen: { readonly stage?: unknown; readonly given?: readonly string[]; readonly flag?: string } = {},
): Config {
  const file = fileSchema.safeParse(tidemark);
  if (!file.success) throw new Error(`${where} is not valid:\n${z.prettifyError(file.error)}`);
  const { stages, ...shared } = file.data;
  const stage = chosenStage(chosen.stage ?? shared.stage, Object.keys(stages), chosen.flag ?? '-c stage=');
  refuseOtherSettings(chosen.given ?? [], stage);
  const settings = { ...shared, ...stages[stage ?? ''], ...(stage !== undefined && { stage }) };
  const result = configSchema.safeParse(settings);
  if (result.success) return result.data;
  throw new Error(`${where} is not valid:\n${z.prettifyError(result.error)}`);
}

/** With several stages in the file, one must be named: there is no default. */
function chosenStage(given: unknown, known: readonly string[], flag: string): string | undefined {
  if (known.length === 0) return given === undefined ? undefined : String(given);
  if (given === undefined && known.length === 1) return known[0];
  const choice = known.map((stage) => `${flag}${stage}`).join(' or ');
  if (given === undefined) throw new Error(`${where} has several stages. Say which one is meant: ${choice}.`);
  if (known.includes(String(given))) return String(given);
  throw new Error(`${where} has no stage ${String(given)}. Write it under "stages", or say ${choice}.`);
}

function refuseOtherSettings(settings: readonly string[], stage: string | undefined): void {
  const given = settings.filter((field) => field !== 'stage');
  if (given.length === 0) return;
  throw new Error(
    `Of the settings only the stage is chosen on the command line, not ${given.join(', ')}: the next deployment would forget them. ` +
      `Write them into cdk.json, context, tidemark, stages, ${stage ?? 'dev'}.`,
  );
}
