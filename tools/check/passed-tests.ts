import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import * as z from 'zod';
import { listOfUnitTests, unitTestResults } from './checks.ts';
import { testInputs } from './test-inputs.ts';

/** Of each test that has passed, the hash of what it depends on. Git ignores it. */
const record = 'build/check/passed.json';
const recordSchema = z.record(z.string(), z.string());
const resultsSchema = z.object({
  testResults: z.array(z.object({ name: z.string(), status: z.string() })),
});
const listSchema = z.array(z.object({ file: z.string() }));

/** The unit tests that have not passed yet as things stand. */
export interface OpenTests {
  readonly files: readonly string[];
  /** Of all unit tests. */
  readonly total: number;
  /** After a run: remembers which have passed, but for those that somebody has given other inputs meanwhile. */
  remember(): Promise<void>;
}

/** @param all also those that have passed already, with just what they depend on now */
export async function openTests(all: boolean): Promise<OpenTests> {
  const [command, ...args] = listOfUnitTests;
  const listed = listSchema.parse(JSON.parse(execFileSync(command, args, { encoding: 'utf8' })));
  const root = process.cwd();
  const tests = listed.map(({ file }) => relative(root, file));
  const inputs = await testInputs(tests, root);
  const known = all ? {} : readRecord();
  const files = [...inputs].flatMap(([file, hash]) => (known[file] === hash ? [] : [file]));
  return {
    files,
    total: tests.length,
    async remember() {
      const now = await testInputs(tests, root);
      const { testResults } = resultsSchema.parse(JSON.parse(readFileSync(unitTestResults, 'utf8')));
      const passed = new Set(
        testResults.flatMap(({ name, status }) => (status === 'passed' ? [relative(root, name)] : [])),
      );
      const same = [...inputs].filter(
        ([file, hash]) => now.get(file) === hash && (passed.has(file) || known[file] === hash),
      );
      mkdirSync(dirname(record), { recursive: true });
      writeFileSync(record, JSON.stringify(Object.fromEntries(same), null, 1));
    },
  };
}

function readRecord(): Readonly<Record<string, string>> {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(record, 'utf8')));
  } catch {
    // None yet, or one that somebody has written into: all tests are open.
    return {};
  }
}
