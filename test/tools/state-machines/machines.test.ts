import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { policiesFile, readMachines } from '../../../tools/state-machines/files.ts';
import { retriesIn, withPolicies } from '../../../tools/state-machines/machine-text.ts';
import { machineProblems, parsePolicies, problemsOf } from '../../../tools/state-machines/problems.ts';
import type { RetryPolicies } from '../../../tools/state-machines/retry-policies.schema.ts';
import { namedBy, retryProblem, type WrittenRetrier } from '../../../tools/state-machines/retry-policies.ts';

const policiesText = readFileSync(policiesFile, 'utf8');
const machines = readMachines();
const files = [...machines.keys()];

function policies(): RetryPolicies {
  const parsed = parsePolicies(policiesText);
  if (Array.isArray(parsed)) throw new Error(parsed.join('\n'));
  return parsed;
}

const textOf = (file: string): string => machines.get(file) ?? '';

const retries = [...machines].flatMap(([file, text]) =>
  retriesIn(text).map((retry) => ({ file, text, ...retry })),
);

describe('the state machines', () => {
  it.each(files)('%s is valid, by AWS’s rules and ours', (file) => {
    // As deployed: CDK puts an ARN or a name for each ${…}.
    const text = textOf(file).replaceAll(/\$\{(\w+)\}/g, '$1');

    expect(machineProblems(text, policies())).toEqual([]);
  });

  it.each(files)('%s has its retry policies as the formatter writes them, to the character', (file) => {
    const written = withPolicies(textOf(file), policies());
    const formatted = spawnSync(
      join('node_modules', '.bin', 'biome'),
      ['format', '--stdin-file-path', join('state-machines', file)],
      { input: written, encoding: 'utf8' },
    );

    expect(formatted.stdout).toBe(textOf(file));
  });

  it('have every retry in its place: none is hidden from the check', () => {
    const inTexts = [...machines.values()].flatMap((text) => [...text.matchAll(/"Retry":/g)]);

    expect(retries).toHaveLength(inTexts.length);
    expect(retries.length).toBeGreaterThan(70);
  });

  it('have policies that are all used, and of which no two do the same', () => {
    expect(problemsOf(machines, policiesText)).toEqual([]);
    const contents = Object.values(policies().Policies).map(({ Never, Retriers }) =>
      JSON.stringify([Never, Retriers.map((name) => ({ ...policies().Retriers[name], Comment: '' }))]),
    );
    expect(new Set(contents).size).toBe(contents.length);
  });

  it('name errors as the sources do: Retry and Catch match them letter by letter', () => {
    const ours = errorNamesOfSources();
    const named = [...machines].flatMap(([file, text]) =>
      errorNamesIn(JSON.parse(text)).map((name) => ({ file, name })),
    );
    const unknown = named.filter(({ name }) => !/^\w+\.\w+$/.test(name) && !ours.has(name));

    expect(named.length).toBeGreaterThan(100);
    expect(unknown).toEqual([]);
  });
});

describe('a retry that is edited by hand', () => {
  const withPolicy = retries.flatMap((retry) => {
    const policy = namedBy(retry.retriers[0]?.Comment)?.policy;
    return policy ? [{ ...retry, policy }] : [];
  });
  const oneOf = (file: string) => withPolicy.filter((retry) => retry.file === file).slice(-1);

  it.each(files.flatMap(oneOf))('fails the check with its policy and state: $location in $file', (retry) => {
    const problems = problemsOf(new Map(machines).set(retry.file, edited(retry, 0)), policiesText);

    expect(problems).toEqual([
      expect.stringContaining(
        `${retry.file}: ${retry.location}: It differs from the policy '${retry.policy}'`,
      ),
    ]);
  });

  it('is found in each retrier of each state', () => {
    const found = withPolicy.flatMap(({ retriers, policy }) =>
      retriers.map((_, at) => {
        const problem = retryProblem(withOneMore(retriers, at), policies());
        return problem?.includes(`policy '${policy}': MaxAttempts of retrier ${at + 1} is`);
      }),
    );

    expect(found.length).toBeGreaterThan(150);
    expect(found.every(Boolean)).toBe(true);
  });

  it.each(files)('is written again from its comment alone, in every state: %s', (file) => {
    const stubbed = withPolicy
      .filter((retry) => retry.file === file)
      .reduceRight((text, { retriers, start, end }) => {
        const stub = JSON.stringify([{ Comment: retriers[0]?.Comment }]);
        return `${text.slice(0, start)}${stub}${text.slice(end)}`;
      }, textOf(file));

    expect(stubbed.length).toBeLessThan(textOf(file).length);
    expect(JSON.parse(withPolicies(stubbed, policies()))).toEqual(JSON.parse(textOf(file)));
  });
});

const withOneMore = (retriers: readonly WrittenRetrier[], at: number): WrittenRetrier[] =>
  retriers.map((retrier, index) =>
    index === at ? { ...retrier, MaxAttempts: Number(retrier.MaxAttempts) + 1 } : retrier,
  );

/** The machine's text with one attempt more in a retrier. */
const edited = ({ text, retriers, start, end }: (typeof retries)[number], at: number): string =>
  `${text.slice(0, start)}${JSON.stringify(withOneMore(retriers, at))}${text.slice(end)}`;

/** Literal names of error classes, and zod's. */
function errorNamesOfSources(): ReadonlySet<string> {
  const sources = ['domain', 'functions', 'packages/statistics'].flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => readFileSync(join(room, path), 'utf8')),
  );
  const names = sources.flatMap((text) =>
    [...text.matchAll(/readonly name(?:: string)? = '(\w+)'/g)].map(([, name = '']) => name),
  );
  return new Set([...names, z.ZodError.name.replace(/^\$/, '')]);
}

function errorNamesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(errorNamesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([field, member]) =>
    field === 'ErrorEquals' ? z.array(z.string()).parse(member) : errorNamesIn(member),
  );
}
