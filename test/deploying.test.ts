import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { synthesise } from './support/templates.ts';

const deploying = readFileSync('docs/deploying.md', 'utf8');

it('what a deployment costs while idle counts the alarms that the templates have', () => {
  const { store, workflows } = synthesise();
  const alarms = [store, workflows].flatMap((template) =>
    Object.keys(template.findResources('AWS::CloudWatch::Alarm')),
  );

  expect([...deploying.matchAll(/(\d+) alarms/g)].map(([, count]) => Number(count))).toEqual([alarms.length]);
});
