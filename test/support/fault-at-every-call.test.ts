import { describe, expect, it } from 'vitest';
import { study } from '../faults/study.ts';
import type { MeantEnd, Way } from './fault-at-every-call.ts';
import type { Meddle } from './machine.ts';

/** A function that puts an item and then counts it, and is called again once when it fails. */
function counting({ isRepeatable, meant }: { isRepeatable: boolean; meant?: MeantEnd[] }): Way {
  return {
    name: 'an item is counted',
    ...(meant && { meant }),
    async prepare() {
      const items = new Set<string>();
      let count = 0;
      async function handle({ call }: Meddle): Promise<void> {
        await new Promise<void>((resolve, reject) => {
          const made = (operation: string, send: () => void) =>
            call?.({
              task: 'Count',
              operation,
              send: async () => send(),
              die(error) {
                reject(error);
                return new Promise(() => undefined);
              },
            });
          const steps = async () => {
            await made('PutItem', () => items.add('item'));
            await made('UpdateItem', () => {
              count = isRepeatable ? items.size : count + 1;
            });
          };
          steps().then(resolve, reject);
        });
      }
      return {
        run: (meddle) => handle(meddle).catch(() => handle(meddle)),
        truth: async () => ({ items: items.size, count }),
      };
    },
  };
}

const all = { choose: <T>(faults: readonly T[]) => faults, atOnce: 2 };

describe('a fault at every call', () => {
  it('is made in six ways at each call of a function, and leaves a repeatable one as it is without', async () => {
    expect(await study(counting({ isRepeatable: true }), all)).toMatchObject({
      calls: 2,
      faults: 12,
      verdicts: { same: 12, meant: 0, differs: 0, unreached: 0 },
      differing: [],
    });
  });

  it('shows what is done twice when an answer is lost', async () => {
    const { differing } = await study(counting({ isRepeatable: false }), all);

    expect(differing).toEqual([
      'Runtime.ExitError after Count.UpdateItem 1: count is 2 and not 1',
      'Sandbox.Timedout after Count.UpdateItem 1: count is 2 and not 1',
      'ServiceUnavailable after Count.UpdateItem 1: count is 2 and not 1',
    ]);
  });

  it('may end otherwise where the way says so, and only as it says', async () => {
    const meant = (count: number) => [{ faults: /after Count\.UpdateItem/, truth: { count }, because: 'so' }];
    const said = await study(counting({ isRepeatable: false, meant: meant(2) }), all);
    const wronglySaid = await study(counting({ isRepeatable: false, meant: meant(3) }), all);

    expect(said.verdicts).toMatchObject({ meant: 3, differs: 0 });
    expect(wronglySaid.verdicts).toMatchObject({ meant: 0, differs: 3 });
  });
});
