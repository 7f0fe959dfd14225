import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { obstacles, validateStateMachine } from '../../packages/region/states/validate.ts';

it('the ingest state machine is valid, by AWS’s rules and ours', () => {
  const text = readFileSync('state-machines/ingest.asl.json', 'utf8');
  const definition: unknown = JSON.parse(text.replaceAll(/\$\{(\w+)\}/g, '$1'));

  expect(obstacles(validateStateMachine(definition))).toEqual([]);
  expect(validateStateMachine(definition)).toEqual([]);
});
