import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';

const statementSchema = z.looseObject({ Action: z.union([z.string(), z.array(z.string())]) });
const documentSchema = z.looseObject({ Statement: z.array(statementSchema) });
const templateSchema = z.looseObject({
  Resources: z.record(
    z.string(),
    z.looseObject({ Type: z.string(), Properties: z.looseObject({}).optional() }),
  ),
});
const roleSchema = z.looseObject({
  Policies: z.array(z.looseObject({ PolicyDocument: documentSchema })).default([]),
});
const policySchema = z.looseObject({
  Roles: z.array(z.looseObject({ Ref: z.string() })),
  PolicyDocument: documentSchema,
});

/** One action that is taken away from a role, wherever its policies grant it. */
export interface Mutation {
  /** Beginning of the role's logical id. */
  readonly role: string;
  readonly action: string;
}

/**
 * A copy of a cloud assembly in which one role is granted less. Everything else is the assembly's own.
 * @returns its directory. @throws Error when the role is not granted the action, as nothing would be tested then
 */
export function mutatedAssembly(assembly: string, directory: string, mutation: Mutation): string {
  mkdirSync(directory, { recursive: true });
  let changes = 0;
  for (const name of readdirSync(assembly)) {
    const from = resolve(assembly, name);
    const to = join(directory, name);
    if (!name.endsWith('.template.json')) {
      symlinkSync(from, to);
      continue;
    }
    const template = templateSchema.parse(JSON.parse(readFileSync(from, 'utf8')));
    for (const [id, { Type, Properties }] of Object.entries(template.Resources)) {
      for (const document of documentsOf(id, Type, Properties, mutation.role))
        changes += withhold(document, mutation.action);
    }
    writeFileSync(to, JSON.stringify(template));
  }
  if (changes === 0) throw new Error(`No role ${mutation.role}* is granted ${mutation.action}.`);
  return directory;
}

/** The policies of a resource that are the role's: its own, or attached to it. They are the template's, to be changed in place. */
function documentsOf(id: string, type: string, properties: unknown, role: string): unknown[] {
  if (type === 'AWS::IAM::Role' && id.startsWith(role)) {
    roleSchema.parse(properties);
    return Object(properties).Policies?.map((policy: unknown) => Object(policy).PolicyDocument) ?? [];
  }
  if (type !== 'AWS::IAM::Policy') return [];
  const { Roles } = policySchema.parse(properties);
  return Roles.some(({ Ref }) => Ref.startsWith(role)) ? [Object(properties).PolicyDocument] : [];
}

/** @returns how many statements have been changed */
function withhold(document: unknown, action: string): number {
  const { Statement } = documentSchema.parse(document);
  const left = Statement.flatMap((statement) => {
    const actions = [statement.Action].flat().filter((granted) => granted !== action);
    return actions.length === 0 ? [] : [{ ...statement, Action: actions }];
  });
  const granted = Statement.filter(({ Action }) => [Action].flat().includes(action));
  Object(document).Statement = left;
  return granted.length;
}
