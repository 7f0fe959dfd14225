import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { synthesisedAssembly } from './assembly.ts';

/** How workflow tests call the stores. Templates leave the names to CloudFormation. */
const storeNames: Readonly<Record<string, { readonly property: string; readonly name: string }>> = {
  Data: { property: 'BucketName', name: 'data' },
  Artifacts: { property: 'BucketName', name: 'artifacts' },
  Audit: { property: 'BucketName', name: 'audit' },
  Registry: { property: 'TableName', name: 'registry' },
};

const templateSchema = z.looseObject({
  Resources: z.record(
    z.string(),
    z.looseObject({
      Type: z.string(),
      Properties: z.looseObject({}).optional(),
      Metadata: z.looseObject({ 'aws:cdk:path': z.string().optional() }).optional(),
    }),
  ),
});
type Resource = z.infer<typeof templateSchema>['Resources'][string];

/**
 * The synthesised app, whose stores have short names, and whose rules and schedules are disabled: a workflow test runs one machine at a time
 * itself, and sees what comes of that alone. Roles, policies and all the rest are the app's own.
 * @returns its directory, made once for each state of the sources
 */
export async function installedAssembly(): Promise<string> {
  const assembly = await synthesisedAssembly();
  const directory = `${assembly}.installed`;
  if (existsSync(directory)) return directory;
  const draft = `${directory}.${process.pid}`;
  mkdirSync(draft);
  for (const name of readdirSync(assembly)) {
    const from = resolve(assembly, name);
    if (name.endsWith('.template.json'))
      writeFileSync(join(draft, name), installed(readFileSync(from, 'utf8')));
    else symlinkSync(from, join(draft, name));
  }
  try {
    renameSync(draft, directory);
  } catch (error) {
    // Another process was faster.
    if (!existsSync(directory)) throw error;
  }
  return directory;
}

function installed(text: string): string {
  const template = templateSchema.parse(JSON.parse(text));
  for (const resource of Object.values(template.Resources)) {
    if (/^AWS::(Events::Rule|Scheduler::Schedule)$/.test(resource.Type)) set(resource, 'State', 'DISABLED');
    const store = /\/Stores\/(\w+)\/Resource$/.exec(resource.Metadata?.['aws:cdk:path'] ?? '')?.[1] ?? '';
    const named = storeNames[store];
    if (named) set(resource, named.property, named.name);
  }
  return JSON.stringify(template);
}

function set(resource: Resource, property: string, value: string): void {
  resource.Properties = { ...resource.Properties, [property]: value };
}
