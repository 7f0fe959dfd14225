import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Interruption } from '../../states/interruption.ts';
import { Journal } from '../../states/journal.ts';
import type { Json } from '../../states/machine-definition.schema.ts';
import { StateError } from '../../states/state-error.ts';
import type { Integration, TaskCall } from '../../states/tasks/integration.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { MachineRun } from './machine-run.ts';

const temporaryDirectory = () => mkdtempSync(join(tmpdir(), 'journal-'));

/** A machine with everything that must not happen twice: tasks, a retry, a wait, a job, branches and iterations. */
const definition = {
  QueryLanguage: 'JSONata',
  StartAt: 'Draw',
  States: {
    Draw: { Type: 'Pass', Assign: { lot: '{% $uuid() %}' }, Next: 'Count' },
    Count: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments: { name: 'count' },
      Retry: [{ ErrorEquals: ['Flaky'], IntervalSeconds: 3 }],
      Assign: { count: '{% $states.result %}' },
      Next: 'Rest',
    },
    Rest: { Type: 'Wait', Seconds: 60, Next: 'Train' },
    Train: {
      Type: 'Task',
      Resource: 'arn:aws:states:::sagemaker:createTrainingJob.sync',
      Arguments: { name: 'train' },
      TimeoutSeconds: 1000,
      Next: 'Both',
    },
    Both: {
      Type: 'Parallel',
      Branches: [
        {
          StartAt: 'Left',
          States: {
            Left: {
              Type: 'Task',
              Resource: 'arn:aws:states:::lambda:invoke',
              Arguments: { name: 'left' },
              End: true,
            },
          },
        },
        {
          StartAt: 'Each',
          States: {
            Each: {
              Type: 'Map',
              Items: [1, 2, 3],
              MaxConcurrency: 2,
              ItemProcessor: {
                StartAt: 'Item',
                States: {
                  Item: {
                    Type: 'Task',
                    Resource: 'arn:aws:states:::lambda:invoke',
                    Arguments: { name: "{% 'item' & $string($states.input) %}" },
                    End: true,
                  },
                },
              },
              End: true,
            },
          },
        },
      ],
      Output: '{% {"lot": $lot, "count": $count, "results": $states.result} %}',
      End: true,
    },
  },
};

/** The outside world: it survives the crashes of the region and counts what was done to it. */
class World implements Integration {
  readonly patterns = ['request-response', 'sync'] as const;
  readonly effects: string[] = [];
  /** Called before every effect and every look; throwing is the crash. */
  crash: () => void = () => undefined;
  #looks = 0;
  #flaked: boolean;

  constructor({ flaked = false } = {}) {
    this.#flaked = flaked;
  }

  async call({ arguments: given }: TaskCall): Promise<Json> {
    this.crash();
    const { name } = Object(given);
    this.effects.push(name);
    if (name === 'count' && !this.#flaked) {
      this.#flaked = true;
      throw new StateError('Flaky');
    }
    return `${name} done`;
  }

  async look() {
    this.crash();
    this.#looks += 1;
    return this.#looks < 3
      ? ({ status: 'running' } as const)
      : ({ status: 'succeeded', result: 'model' } as const);
  }
}

describe('an execution that is cut off and resumed', () => {
  it('does everything exactly once, wherever the region was closed', async () => {
    const whole = await runWith(new World(), temporaryDirectory());
    const lines = readFileSync(whole.journalFile, 'utf8').trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(30);

    // A crash between any two lines, and in the middle of a line, of the journal.
    for (let kept = 0; kept <= lines.length; kept += 1) {
      const directory = temporaryDirectory();
      const file = join(directory, 'journal.jsonl');
      writeFileSync(
        file,
        lines
          .slice(0, kept)
          .map((line) => `${line}\n`)
          .join(''),
      );
      appendFileSync(file, (lines[kept] ?? '').slice(0, 20));

      const done: string[] = lines.slice(0, kept).map((line) => JSON.parse(line).key);
      const world = new World({ flaked: done.includes('1:Count/0#failed') });
      const resumed = await runWith(world, directory);

      expect(resumed.end.status).toBe('SUCCEEDED');
      const types = resumed.history().map(({ type }) => type);
      expect(types.toSorted()).toEqual(
        whole
          .history()
          .map(({ type }) => type)
          .toSorted(),
      );
      for (const key of done.filter((each) => /#(succeeded|submitted)$/.test(each))) {
        expect(world.effects, `${key} is in the journal`).not.toContain(effectOf(key));
      }
    }
  });

  it('keeps what was drawn by chance', async () => {
    const whole = await runWith(new World(), temporaryDirectory());

    const again = await runWith(new World(), whole.directory);

    expect(again.end).toEqual(whole.end);
    expect(again.end.output).toMatchObject({ lot: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  });

  it('submits a job once, however often the region is closed while it runs', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 8 }), async (crashes) => {
        const world = new World();
        const directory = temporaryDirectory();
        for (const after of crashes) {
          const closing = new AbortController();
          let steps = 0;
          world.crash = () => {
            steps += 1;
            if (steps > after) {
              closing.abort(new Interruption({ kind: 'region-closing' }));
              throw new Error('the region is gone');
            }
          };
          await runWith(world, directory, closing.signal).catch(() => undefined);
        }
        world.crash = () => undefined;

        const { end } = await runWith(world, directory);

        expect(end.status).toBe('SUCCEEDED');
        // Every effect was recorded before the next one could crash: exactly one each, and two counts, one flaky.
        expect(world.effects.toSorted()).toEqual(
          ['count', 'count', 'train', 'left', 'item1', 'item2', 'item3'].toSorted(),
        );
      }),
      { numRuns: 40 },
    );
  });

  it('waits only for the rest of a Wait', async () => {
    const machine = {
      QueryLanguage: 'JSONata',
      StartAt: 'W',
      States: { W: { Type: 'Wait', Seconds: 100, End: true } },
    };
    const directory = temporaryDirectory();
    const clock = new VirtualClock();
    const closing = new AbortController();
    const first = new MachineRun({ definition: machine, directory, clock });
    clock.until(clock.now() + 30_000).then(() => closing.abort(new Interruption({ kind: 'region-closing' })));
    await expect(first.end(closing.signal)).rejects.toThrow('region-closing');

    await new MachineRun({ definition: machine, directory, clock }).end();

    expect(clock.jumpsSeconds).toEqual([30, 70]);
  });
});

async function runWith(world: World, directory: string, signal?: AbortSignal) {
  const run = new MachineRun({ definition, directory, integration: world });
  const end = await run.end(signal);
  return { end, directory, journalFile: run.journalFile, history: () => run.history() };
}

/** The effect behind a journal key such as `4:Both/0/1/0:Each/0/2/0:Item/0#succeeded`. */
function effectOf(key: string): string {
  const path = key.split('#')[0] ?? '';
  const iteration = /Each\/0\/(\d)\/0:Item/.exec(path)?.[1];
  if (iteration !== undefined) return `item${Number(iteration) + 1}`;
  return (/:(\w+)\/\d+$/.exec(path)?.[1] ?? '').toLowerCase();
}

describe('the limit of 25,000 history events', () => {
  it('leaves room for the event that ends the execution', () => {
    const journal = Journal.open(join(temporaryDirectory(), 'journal.jsonl'), Date.now);
    const cursor = { lastEventId: 0 };
    const event = { type: 'PassStateEntered' };
    const thousand = Array.from({ length: 1000 }, () => event);
    for (let index = 0; index < 24; index += 1) {
      journal.record(`${index}`, { kind: 'noted' }, cursor, thousand);
    }
    journal.record('last', { kind: 'noted' }, cursor, thousand.slice(1));

    expect(() => journal.record('more', { kind: 'noted' }, cursor, [event])).toThrow(
      'States.Runtime: The execution reached the maximum number of history events (25000).',
    );
    journal.record('', { kind: 'ended', status: 'FAILED' }, cursor, [{ type: 'ExecutionFailed' }]);
    expect(cursor.lastEventId).toBe(25_000);
    journal.close();
  });
});
