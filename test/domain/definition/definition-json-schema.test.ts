import { readFileSync } from 'node:fs';
import {
  type DefinitionField,
  definitionRootField,
  definitionSchemaFile,
} from '@tidemark/domain/definition/definition-json-schema.ts';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';

describe('models/definition.schema.json', () => {
  it('is what the zod schema says (if not: npx tsx tools/definition-schema.ts)', () => {
    const committed = readFileSync(
      new URL('../../../models/definition.schema.json', import.meta.url),
      'utf8',
    );

    expect(committed).toBe(definitionSchemaFile());
  });

  it('describes every field, as editors show it', () => {
    expect(undescribed(definitionRootField(), '')).toEqual([]);
  });

  it('asks for three fields and lets a definition have no others than it knows', () => {
    expect(definitionRootField()).toMatchObject({
      required: ['name', 'problem', 'target'],
      additionalProperties: false,
    });
  });
});

describe('an editor that knows the schema', () => {
  const editor = z.fromJSONSchema(JSON.parse(definitionSchemaFile()));
  const check = (yaml: string) => editor.safeParse(parse(yaml)).success;
  const valid = 'name: flight-delay\nproblem: binary\ntarget: delay\n';

  it.each(['flight-delay', 'minimal'])('accepts models/%s.yaml', (model) => {
    expect(check(readFileSync(new URL(`../../../models/${model}.yaml`, import.meta.url), 'utf8'))).toBe(true);
  });

  it.each([
    ['a missing field', 'name: flight-delay\nproblem: binary\n'],
    ['an unknown field', `${valid}trainng: {}\n`],
    ['an unknown nested field', `${valid}training: { spott: true }\n`],
    ['a wrong type', `${valid}training: { spot: no }\n`],
    ['a number out of range', `${valid}split: { holdout: 0.9 }\n`],
    ['a metric that does not exist', `${valid}gates: { absolute: { accurcy: { atLeast: 0.9 } } }\n`],
    ['a canary on serverless', `${valid}deployment: { kind: serverless, traffic: canary }\n`],
  ])('marks %s', (_, yaml) => {
    expect(check(valid)).toBe(true);
    expect(check(yaml)).toBe(false);
  });
});

function undescribed(field: DefinitionField, path: string): string[] {
  const nested = [field, ...(field.anyOf ?? []), ...(field.oneOf ?? [])];
  return nested.flatMap(({ properties = {} }) =>
    Object.entries(properties).flatMap(([name, child]) => [
      ...(child.description ? [] : [`${path}${name}`]),
      ...undescribed(child, `${path}${name}.`),
    ]),
  );
}
