import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  definitionField,
  definitionSchemaFile,
  type Field,
} from '../../functions/definition/definition-json-schema.ts';

describe('models/definition.schema.json', () => {
  it('is what the zod schema says (if not: npx tsx tools/definition-schema.ts)', () => {
    const committed = readFileSync(new URL('../../models/definition.schema.json', import.meta.url), 'utf8');

    expect(committed).toBe(definitionSchemaFile());
  });

  it('describes every field, as editors show it', () => {
    expect(undescribed(definitionField(), '')).toEqual([]);
  });

  it('asks for three fields and lets a definition have no others than it knows', () => {
    expect(definitionField()).toMatchObject({
      required: ['name', 'problem', 'target'],
      additionalProperties: false,
    });
  });
});

function undescribed(field: Field, path: string): string[] {
  const nested = [field, ...(field.anyOf ?? []), ...(field.oneOf ?? [])];
  return nested.flatMap(({ properties = {} }) =>
    Object.entries(properties).flatMap(([name, child]) => [
      ...(child.description ? [] : [`${path}${name}`]),
      ...undescribed(child, `${path}${name}.`),
    ]),
  );
}
