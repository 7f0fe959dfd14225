import { RowRefusedError } from '@tidemark/domain/endpoints/endpoints.client.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Answering,
  type AskableVersion,
  answerRequest,
  EndpointChangingError,
  NothingServesError,
  type ServingLook,
} from '../../functions/capture/answer.ts';
import { InvalidRecordError } from '../../functions/capture/encode-records.ts';
import type { Serving } from '../../functions/capture/serving.ts';
import { distance, encodingOf, international } from './encodings.ts';

/** Version n answers n times the distance. 3 reads the same as 1, 2 as many columns but others, 5 more columns. */
const encodings = new Map([
  [1, encodingOf(distance, distance)],
  [2, encodingOf(international, distance)],
  [3, encodingOf(distance, distance)],
  [5, encodingOf(international, { kind: 'number', column: 'weight' }, distance)],
]);

const predictionOf = (version: number, line: string) => version * Number(line.split(',').at(-1));

function askable(version: number): AskableVersion {
  const encoding = encodings.get(version) ?? encodingOf(distance);
  const features = encoding.encodedColumns.map((_, index) => 10 + index).join(',');
  return {
    version,
    encoding,
    witnesses: [{ features, prediction: [predictionOf(version, features)] }],
  };
}

interface Revised extends ServingLook {
  readonly revision: number;
}

/** An endpoint and the registry's view of it, both told what to be by the test. */
class World implements Answering<Revised> {
  /** Which version answers the next requests, in turn; the last one from then on. */
  answering: number[];
  serving: Serving;
  revision = 0;
  readonly requests: string[] = [];
  /** Called before each request reaches the endpoint. */
  onInvoke: () => void = () => undefined;

  constructor(serving: Serving, ...answering: number[]) {
    this.serving = serving;
    this.answering = answering;
  }

  async look(): Promise<Revised> {
    return { serving: this.serving, revision: this.revision };
  }

  async unchangedSince({ revision }: Revised) {
    return revision === this.revision;
  }

  async version(_: string, version: number) {
    return askable(version);
  }

  async invoke(_: string, body: string) {
    this.onInvoke();
    this.requests.push(body);
    const [version = 0] = this.answering;
    if (this.answering.length > 1) this.answering.shift();
    const lines = body.split('\n');
    const columns = encodings.get(version)?.encodedColumns.length;
    if (lines.some((line) => line.split(',').length !== columns || line.startsWith('refuse'))) {
      return { kind: 'refused' as const, error: new RowRefusedError('the container answered HTTP 400') };
    }
    return {
      kind: 'answered' as const,
      body: lines.map((line) => predictionOf(version, line)).join('\n'),
    };
  }
}

const request = { model: 'flight-delay', records: [{ distance: 3 }, { distance: 5 }] };

describe('while nothing is deployed', () => {
  it('asks the live version once, and nothing but the records', async () => {
    const world = new World({ kind: 'settled', version: 1 }, 1);

    const answered = await answerRequest(request, world);

    expect(answered).toMatchObject({ version: { version: 1 }, predictions: [[3], [5]] });
    expect(world.requests).toEqual(['3,3\n5,5']);
  });

  it('asks again when a deployment began meanwhile', async () => {
    const world = new World({ kind: 'settled', version: 1 }, 3, 3);
    world.onInvoke = () => {
      world.serving = { kind: 'changing', versions: [1, 3] };
      world.revision = 1;
    };

    const answered = await answerRequest(request, world);

    expect(answered).toMatchObject({ version: { version: 3 }, predictions: [[9], [15]] });
  });

  it('hands on what the container refuses', async () => {
    const world = new World({ kind: 'settled', version: 1 }, 5);

    await expect(answerRequest(request, world)).rejects.toThrow(RowRefusedError);
    expect(world.requests).toHaveLength(1);
  });

  it('asks nothing for a record that cannot be encoded', async () => {
    const world = new World({ kind: 'settled', version: 1 }, 1);
    const records = [{ distance: 3 }, { distance: 'far' }];

    await expect(answerRequest({ ...request, records }, world)).rejects.toThrow(
      new InvalidRecordError(
        '1 of 2 records cannot be encoded, so nothing was predicted. records[1]: The column distance holds a text of 3 characters, which is ' +
          'not a number. Leave it out if it is missing.',
      ),
    );
    expect(world.requests).toEqual([]);
  });

  it('splits what is larger than one request', async () => {
    const records = Array.from({ length: 1000 }, (_, index) => ({ distance: index + 0.123456789012345 }));
    const wide = encodingOf(...Array.from({ length: 400 }, () => distance));
    const world = new World({ kind: 'settled', version: 4 }, 4);
    encodings.set(4, wide);
    world.version = async () => ({ version: 4, encoding: wide, witnesses: [] });

    const { predictions } = await answerRequest({ ...request, records }, world);

    expect(world.requests.length).toBeGreaterThan(1);
    expect(world.requests.every((body) => body.length < 4 * 1024 ** 2)).toBe(true);
    expect(predictions).toEqual(records.map((record) => [4 * record.distance]));
  });

  it('says so when nothing serves', async () => {
    const world = new World({ kind: 'none', message: 'No version is live.' });

    await expect(answerRequest(request, world)).rejects.toThrow(
      new NothingServesError('No version is live.'),
    );
  });
});

describe('while the endpoint changes', () => {
  it('lets stored rows ride along, and does not answer with them', async () => {
    const world = new World({ kind: 'changing', versions: [1, 3] }, 1);

    const answered = await answerRequest(request, world);

    expect(answered).toMatchObject({ version: { version: 1 }, predictions: [[3], [5]] });
    expect(world.requests).toEqual(['10,11\n3,3\n5,5']);
  });

  it('encodes anew when the other version answers', async () => {
    const world = new World({ kind: 'changing', versions: [1, 2] }, 2);

    const answered = await answerRequest(request, world);

    expect(answered).toMatchObject({ version: { version: 2 }, predictions: [[6], [10]] });
    expect(world.requests).toEqual(['10,11\n3,3\n5,5', '10,11\n,3\n,5']);
  });

  it('encodes anew when the other version refuses rows of this one’s width', async () => {
    const world = new World({ kind: 'changing', versions: [1, 5] }, 5);

    const answered = await answerRequest(request, world);

    expect(answered).toMatchObject({ version: { version: 5 }, predictions: [[15], [25]] });
  });

  it('names the version that answered, and its encoding, whatever the traffic does', async () => {
    const traffic = fc.array(fc.constantFrom(1, 2, 3, 5), { minLength: 1, maxLength: 12 });
    const switchesAt = fc.integer({ min: 0, max: 3 });

    await fc.assert(
      fc.asyncProperty(traffic, switchesAt, fc.boolean(), async (answering, begins, known) => {
        const changing: Serving = { kind: 'changing', versions: [1, 2, 3, 5] };
        const first = known ? changing : ({ kind: 'settled', version: 1 } as const);
        // Until a deployment begins, the live version answers.
        const world = new World(first, ...(known ? answering : [...Array(begins).fill(1), ...answering]));
        let requests = 0;
        world.onInvoke = () => {
          if (!known && requests >= begins) {
            world.serving = changing;
            world.revision = 1;
          }
          requests += 1;
        };

        const answered = await answerRequest(request, world).catch((error: unknown) => error);

        if (answered instanceof EndpointChangingError || answered instanceof RowRefusedError) return;
        const { version, predictions } = answered as Awaited<ReturnType<typeof answerRequest>>;
        expect(predictions).toEqual([[3 * version.version], [5 * version.version]]);
      }),
    );
  });

  it('gives up when the version that answers is none of those that are known', async () => {
    const world = new World({ kind: 'changing', versions: [1] }, 3);

    await expect(answerRequest(request, world)).rejects.toThrow(EndpointChangingError);
    expect(world.requests).toHaveLength(10);
  });

  it('says what was refused if nothing else came of it', async () => {
    const world = new World({ kind: 'changing', versions: [1] }, 5);

    await expect(answerRequest(request, world)).rejects.toThrow(RowRefusedError);
  });
});
