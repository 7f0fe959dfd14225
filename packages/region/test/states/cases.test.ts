import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Answer, MachineRun } from './machine-run.ts';

interface Case {
  readonly title: string;
  readonly definition: object;
  readonly input?: never;
  readonly functions?: Readonly<Record<string, readonly Answer[]>>;
  readonly expect: {
    readonly status?: string;
    readonly output?: unknown;
    readonly error?: string;
    readonly cause?: string;
    /** Names of the states that were entered. */
    readonly trace?: readonly string[];
    /** Types of all history events. */
    readonly events?: readonly string[];
    readonly jumpsSeconds?: readonly number[];
    readonly calls?: readonly unknown[];
  };
}

const directory = new URL('./cases/', import.meta.url);

for (const file of readdirSync(directory)) {
  const cases: Case[] = JSON.parse(readFileSync(new URL(file, directory), 'utf8'));
  describe(file.replace('.json', ''), () => {
    it.each(cases)('$title', async ({ definition, input, functions, expect: wanted }) => {
      // Prepare
      const run = new MachineRun({
        definition: { QueryLanguage: 'JSONata', ...definition },
        ...(input !== undefined && { input }),
        ...(functions && { functions }),
      });

      // Act
      const end = await run.end();

      // Assess
      const history = run.history();
      const status = wanted.status ?? (wanted.error === undefined ? 'SUCCEEDED' : 'FAILED');
      expect(end.status, JSON.stringify(end)).toBe(status);
      if (wanted.output !== undefined) expect(end.output).toEqual(wanted.output);
      if (wanted.error !== undefined) expect(end.errorName).toBe(wanted.error);
      if (wanted.cause !== undefined) expect(end.cause).toBe(wanted.cause);
      if (wanted.trace) expect(statesEntered(history)).toEqual(wanted.trace);
      if (wanted.events) expect(history.map(({ type }) => type)).toEqual(wanted.events);
      if (wanted.jumpsSeconds) expect(run.clock.jumpsSeconds).toEqual(wanted.jumpsSeconds);
      if (wanted.calls) expect(run.calls).toEqual(wanted.calls);
      expect(run.unused()).toEqual([]);
      expect(history.map(({ id }) => id)).toEqual(history.map((_, index) => index + 1));
    });
  });
}

const statesEntered = (history: ReturnType<MachineRun['history']>) =>
  history.flatMap(({ details }) => details?.stateEnteredEventDetails?.name ?? []);
