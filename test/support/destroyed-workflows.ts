import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalRegion } from '@tidemark/region';
import * as z from 'zod';

const manifestSchema = z.looseObject({ artifacts: z.record(z.string(), z.unknown()) });

/**
 * A copy of a cloud assembly without the workflows' stack: deployed over the whole one, it is `cdk destroy` of that stack.
 * @param copy a directory that does not exist
 * @returns `copy`
 */
export function withoutWorkflows(assembly: string, copy: string): string {
  cpSync(assembly, copy, { recursive: true });
  const file = join(copy, 'manifest.json');
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const artifacts = Object.entries(manifest.artifacts).filter(
    ([id]) => !id.startsWith('tidemark-dev-workflows'),
  );
  writeFileSync(file, JSON.stringify({ ...manifest, artifacts: Object.fromEntries(artifacts) }));
  return copy;
}

/** What `Ref` gives of each resource of a type. */
export const idsOf = ({ resources }: LocalRegion, type: string): string[] =>
  resources.filter((resource) => resource.type === type).map(({ physicalId }) => physicalId);
