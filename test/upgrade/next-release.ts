import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';

/** The state that each machine of the next release begins with, and no machine of an earlier one has. */
export const firstState = 'NextRelease';
export const nextCodeVersion = 'next-release';

const hash = (text: string, length: number) =>
  createHash('sha256').update(text).digest('hex').slice(0, length);
const machineSchema = z.looseObject({
  StartAt: z.string(),
  States: z.record(z.string(), z.unknown()),
});
const ruleSchema = z.object({
  Type: z.literal('AWS::Events::Rule'),
  Properties: z.object({ EventPattern: z.object({ 'detail-type': z.array(z.string()) }) }),
});
const templateSchema = z.looseObject({ Resources: z.record(z.string(), z.unknown()) });

/**
 * A release that differs from the assembly in every function, state machine and rule, and does the same. An update to an assembly that is
 * what is deployed already would test nothing.
 * @param directory does not exist yet
 * @returns `directory`
 */
export function nextRelease(assembly: string, directory: string): string {
  mkdirSync(directory, { recursive: true });
  // What assets are called by: the hash of what was in them.
  const renamed = new Map<string, string>();
  for (const name of readdirSync(assembly)) {
    const [, former, isDefinition] = /^asset\.([0-9a-f]{64})(\.json)?$/.exec(name) ?? [];
    if (former === undefined) continue;
    const from = resolve(assembly, name);
    const to = join(directory, name.replace(former, hash(former, 64)));
    if (isDefinition) writeFileSync(to, nextMachine(readFileSync(from, 'utf8')));
    else if (readdirSync(from).includes('index.js')) nextFunction(from, to);
    else {
      symlinkSync(from, join(directory, name));
      continue;
    }
    renamed.set(former, hash(former, 64));
  }
  for (const name of readdirSync(assembly).filter((each) =>
    /^[\w-]+(\.(assets|template))?\.json$/.test(each),
  )) {
    const text = readFileSync(join(assembly, name), 'utf8').replaceAll(
      /[0-9a-f]{64}/g,
      (former) => renamed.get(former) ?? former,
    );
    writeFileSync(join(directory, name), name.endsWith('.template.json') ? nextTemplate(text) : text);
  }
  return directory;
}

function nextMachine(text: string): string {
  const { StartAt, States, ...rest } = machineSchema.parse(JSON.parse(text));
  const first = { Type: 'Pass', Next: StartAt };
  return JSON.stringify({ ...rest, StartAt: firstState, States: { [firstState]: first, ...States } });
}

function nextFunction(from: string, to: string): void {
  cpSync(from, to, { recursive: true });
  const entry = join(to, 'index.js');
  writeFileSync(entry, `// Of the next release.\n${readFileSync(entry, 'utf8')}`);
}

function nextTemplate(text: string): string {
  const template = templateSchema.parse(
    JSON.parse(
      text
        // The CDK names a version by what it is a version of.
        .replaceAll(
          /(CurrentVersion[0-9A-F]{8})([0-9a-f]{32})\b/g,
          (_, name: string, former: string) => `${name}${hash(former, 32)}`,
        )
        .replaceAll(/("CODE_VERSION": ?)"[^"]*"/g, `$1"${nextCodeVersion}"`),
    ),
  );
  for (const resource of Object.values(template.Resources)) {
    const rule = ruleSchema.safeParse(resource);
    if (rule.success) Object(resource).Properties.EventPattern['detail-type'].push('Of No Event');
  }
  return JSON.stringify(template);
}

/** A copy of an assembly that stores another format. Only its templates say so: its code is what it was. */
export function ofFormat(assembly: string, directory: string, format: number): string {
  mkdirSync(directory, { recursive: true });
  for (const name of readdirSync(assembly)) {
    const from = resolve(assembly, name);
    if (!name.endsWith('.template.json')) symlinkSync(from, join(directory, name));
    else {
      const text = readFileSync(from, 'utf8');
      writeFileSync(
        join(directory, name),
        text.replaceAll(/-registry-of-format-\d+/g, `-registry-of-format-${format}`),
      );
    }
  }
  return directory;
}
