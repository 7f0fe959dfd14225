import { readFileSync } from 'node:fs';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { invocationLineSchema } from '../../domain/invocations/invocation-line.schema.ts';
import { queryText, savedQueries } from '../../infra/queries/queries.ts';
import { synthesise } from '../support/templates.ts';

/** What CloudWatch knows of every line by itself, and of Lambda's REPORT lines. */
const ofCloudWatch = [
  '@timestamp',
  '@message',
  '@log',
  '@type',
  '@maxMemoryUsed',
  '@memorySize',
  '@initDuration',
];
const words =
  /^(fields|filter|sort|stats|limit|by|as|asc|desc|like|and|or|not|in|bin|count|max|pct|latest|ispresent)$/;

/** The fields that a query reads: neither what it says in quotes or as a pattern, nor what it gives names to itself. */
function fieldsOf(query: string): string[] {
  const text = query.replaceAll(/"[^"]*"|\blike \/(?:\\.|[^/\\\n])+\//g, '');
  const made = new Set([...text.matchAll(/\bas (\w+)/g)].map(([, name]) => name));
  const names = text.match(/@?\b[A-Za-z]\w*/g) ?? [];
  return [...new Set(names.filter((name) => !words.test(name) && !made.has(name) && name !== 'h'))];
}

describe('a saved query', () => {
  it.each(savedQueries)(
    '“$name” reads fields that every function writes, or that CloudWatch knows',
    (saved) => {
      const known = [...Object.keys(invocationLineSchema.shape), ...ofCloudWatch];
      const fields = fieldsOf(queryText(saved));

      expect(fields.length).toBeGreaterThan(0);
      expect(fields.filter((field) => !known.includes(field))).toEqual([]);
    },
  );

  it('is in the stack, over the log groups of all functions, below the stage’s name', () => {
    const { workflows } = synthesise({ stage: 'test' });
    const functions = Object.keys(workflows.findResources('AWS::Lambda::Function'));

    workflows.resourceCountIs('AWS::Logs::QueryDefinition', savedQueries.length);
    workflows.hasResourceProperties('AWS::Logs::QueryDefinition', {
      Name: 'tidemark-test/Failed invocations',
      QueryString: Match.stringLikeRegexp('filter outcome = "failed"'),
    });
    for (const { Properties } of Object.values(workflows.findResources('AWS::Logs::QueryDefinition'))) {
      expect(Properties.LogGroupNames).toHaveLength(functions.length);
    }
  });

  it('is named in the runbook, which names no other', () => {
    const runbook = readFileSync('docs/runbook.md', 'utf8');
    const named = [...runbook.matchAll(/\bask '([^']+)'/g)].map(([, name]) => name);

    expect([...new Set(named)].sort()).toEqual(savedQueries.map(({ name }) => name).sort());
  });
});

it('a field that nothing writes is found in a query', () => {
  expect(
    fieldsOf('fields @timestamp, nobody as x | filter outcome = "age" | stats count(*) by bin(1h)'),
  ).toEqual(['@timestamp', 'nobody', 'outcome']);
});
