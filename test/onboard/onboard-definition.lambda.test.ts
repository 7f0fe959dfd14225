import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { domainEventSchema } from '@tidemark/domain/events/domain-events.schema.ts';
import type { ObjectCreated } from '@tidemark/domain/events/object-created.schema.ts';
import { objectCreatedSchema } from '@tidemark/domain/events/object-created.schema.ts';
import { keys } from '@tidemark/domain/registry/keys.ts';
import { Models } from '@tidemark/domain/registry/models.client.ts';
import type { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Onboarding } from '../../functions/onboard/onboarding.schema.ts';
import {
  connectRegistry,
  modelRecord,
  putModel,
  registryTableInput,
  registryTableName,
} from '../support/registry.ts';
import { type Services, startServices } from '../support/services.ts';

const bucket = 'data';
let services: Services;
let s3: S3Client;
let table: RegistryTable;
let models: Models;
let onboard: (input: unknown) => Promise<Onboarding>;
let reportFailure: (input: unknown) => Promise<Onboarding>;

beforeAll(async () => {
  services = await startServices({ buckets: { [bucket]: {} }, tables: [registryTableInput] });
  s3 = new S3Client({ ...services.sdkConfig, forcePathStyle: true });
  table = connectRegistry(services);
  models = new Models(table);
  // The handlers read their environment when they are loaded, as Lambda gives it.
  Object.assign(process.env, {
    STAGE: 'test',
    TABLE_NAME: registryTableName,
    DATA_BUCKET: bucket,
    ARTIFACTS_BUCKET: 'artifacts',
    CODE_VERSION: 'code',
    AWS_REGION: services.sdkConfig.region,
    AWS_ENDPOINT_URL: services.endpoint,
    AWS_ACCESS_KEY_ID: services.sdkConfig.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: services.sdkConfig.credentials.secretAccessKey,
    SERVERLESS_MAX_CONCURRENCY: '1000',
    SERVERLESS_ENDPOINTS: '1000',
    ENDPOINT_INSTANCES: '{}',
    IMAGES: 'null',
    NETWORK_ISOLATION: 'always',
    TRAINING_MINUTES: '120',
  });
  ({ handler: onboard } = await import('../../functions/onboard/onboard-definition.lambda.ts'));
  ({ handler: reportFailure } = await import('../../functions/onboard/report-failure.lambda.ts'));
});
afterAll(() => services.stop());

/** Puts the file and gives the event that S3 sent for it. */
async function drop(key: string, body: string): Promise<ObjectCreated> {
  const { VersionId } = await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
  const created = (await services.eventsOn('default')).filter(
    (event) => event['detail-type'] === 'Object Created',
  );
  const events = created.map((event) => objectCreatedSchema.parse(event));
  const event = events.find(({ detail }) => detail.object['version-id'] === VersionId);
  if (!event) throw new Error(`S3 sent no event for ${key}`);
  return event;
}

let executions = 0;
const execution = (event: ObjectCreated) => {
  executions += 1;
  return { executionArn: `arn:aws:states:eu-west-1:000000000000:execution:onboard:${executions}`, event };
};

const yaml = (name: string, more = '') => `name: ${name}\nproblem: binary\ntarget: outcome\n${more}`;
const dropModel = (name: string, more = '') => drop(`definitions/${name}.yaml`, yaml(name, more));

async function audit(model: string) {
  const events = [];
  for await (const event of table.query(keys.modelPk(model), keys.eventPrefix, domainEventSchema)) {
    events.push(event);
  }
  return events;
}

describe('dropping a definition', () => {
  it('makes a model that is listed, with a clean record and an event', async () => {
    const event = await dropModel('fresh');

    const answer = await onboard(execution(event));

    const record = await models.load('fresh');
    expect(record).toMatchObject({
      definition: { name: 'fresh', problem: 'binary', target: { column: 'outcome' } },
      definitionObject: {
        bucket,
        key: 'definitions/fresh.yaml',
        versionId: event.detail.object['version-id'],
      },
      definitionSequencer: event.detail.object.sequencer,
      nextVersion: 1,
      liveVersion: null,
      latestDatasetId: null,
      lease: null,
    });
    expect(answer).toMatchObject({
      outcome: 'onboarded',
      message: expect.stringContaining('incoming/fresh/'),
      events: [
        {
          type: 'model.onboarded',
          detail: { causeId: event.id, created: true, definitionHash: record.definitionHash },
        },
      ],
    });
    expect(await audit('fresh')).toEqual(answer.events);
    const listed: string[] = [];
    for await (const { model } of models.list()) listed.push(model);
    expect(listed).toContain('fresh');
  });

  it('again with a change updates the definition and leaves alone what is others’', async () => {
    await onboard(execution(await dropModel('grown')));
    const others = {
      nextVersion: 4,
      liveVersion: 3,
      latestDatasetId: 'ds-0123456789abcdef',
      lease: { owner: 'run-1', purpose: 'train' as const, until: '2999-01-01T00:00:00.000Z' },
    };
    const before = await models.load('grown');
    await putModel(table, { ...before, ...others });

    const answer = await onboard(execution(await dropModel('grown', 'training: { spot: true }\n')));

    expect(answer).toMatchObject({ outcome: 'onboarded', events: [{ detail: { created: false } }] });
    expect(await models.load('grown')).toMatchObject({
      ...others,
      onboardedAt: before.onboardedAt,
      definition: { training: { spot: true } },
    });
  });

  it('again without a change is news to nobody', async () => {
    await onboard(execution(await dropModel('same')));
    const before = await models.load('same');

    const answer = await onboard(execution(await dropModel('same', '# a comment\n')));

    expect(answer).toMatchObject({ outcome: 'unchanged', events: [] });
    const after = await models.load('same');
    expect(after).toMatchObject({ definitionHash: before.definitionHash, updatedAt: before.updatedAt });
    expect(after.definitionObject).not.toEqual(before.definitionObject);
  });
});

describe('dropping a definition that retires its model', () => {
  const retired = 'lifecycle: retired\n';

  it('retires it, and says what goes and how it comes back', async () => {
    await onboard(execution(await dropModel('leaving')));
    await putModel(table, { ...(await models.load('leaving')), liveVersion: 3 });
    const event = await dropModel('leaving', retired);

    const answer = await onboard(execution(event));

    expect(answer).toMatchObject({
      outcome: 'onboarded',
      events: [
        {
          type: 'model.retired',
          detail: {
            causeId: event.id,
            liveVersion: 3,
            endpointName: 'tidemark-test-leaving',
            alarms: ['tidemark-test-model-leaving-drift', 'tidemark-test-model-leaving-quality'],
            schedules: ['leaving-monitor', 'leaving-retrain'],
            message:
              'leaving is retired: it is not trained, deployed or monitored any more, and predicts nothing. Its alarms and ' +
              'schedules are deleted, and next the endpoint tidemark-test-leaving, which serves version 3; ' +
              'endpoint.removed says when. Datasets, versions, captures, reports and audit are kept. To bring it back, put ' +
              'definitions/leaving.yaml again with `lifecycle: active`.',
          },
        },
      ],
    });
    expect((await audit('leaving')).map(({ type }) => type)).toEqual(['model.onboarded', 'model.retired']);
  });

  it('and one that reactivates it say so once, also when they are retried', async () => {
    await onboard(execution(await dropModel('wavering')));
    await putModel(table, { ...(await models.load('wavering')), restoreVersion: 2 });
    const away = execution(await dropModel('wavering', retired));
    const gone = await onboard(away);
    const back = execution(await dropModel('wavering'));
    const returned = await onboard(back);

    expect(await onboard(away)).toEqual(gone);
    expect(await onboard(back)).toEqual(returned);
    expect(await reportFailure({ ...back, failure: { Error: 'States.Timeout' } })).toEqual(returned);
    expect(returned.events).toMatchObject([
      {
        type: 'model.reactivated',
        detail: { restoring: 2, message: expect.stringContaining('Version 2 is dep') },
      },
    ]);
    expect(await audit('wavering')).toHaveLength(3);
  });

  it('late does not retire it again after a newer one has reactivated it', async () => {
    await onboard(execution(await dropModel('steady')));
    const away = execution(await dropModel('steady', retired));
    const back = execution(await dropModel('steady', 'owner: somebody\n'));
    await onboard(back);

    expect(await onboard(away)).toMatchObject({ outcome: 'stale', events: [] });
    expect(await models.load('steady')).toMatchObject({ definition: { lifecycle: 'active' } });
  });

  it('makes a new model that does nothing until it is active', async () => {
    const answer = await onboard(execution(await dropModel('unborn', retired)));

    expect(answer.events).toMatchObject([
      {
        type: 'model.onboarded',
        detail: {
          created: true,
          message:
            'The model unborn is onboarded. unborn is retired: its definition says `lifecycle: retired`. ' +
            'To bring it back, put definitions/unborn.yaml again with `lifecycle: active`.',
        },
      },
    ]);
  });

  it('is refused like any other when it is no good definition', async () => {
    const answer = await onboard(execution(await dropModel('gone', 'lifecycle: deleted\n')));

    expect(answer).toMatchObject({
      outcome: 'rejected',
      events: [
        {
          detail: {
            problems: [{ field: 'lifecycle', remedy: expect.stringContaining('retired: none of it') }],
          },
        },
      ],
    });
  });
});

describe('deliveries that are late or repeated', () => {
  it('of an older version change nothing, even after a newer one that said what was said before', async () => {
    const first = await dropModel('late', 'description: a\n');
    const second = await dropModel('late', 'description: b\n');
    const third = await dropModel('late', 'description: a\n');
    await onboard(execution(first));
    await onboard(execution(third));

    const answer = await onboard(execution(second));

    expect(answer).toMatchObject({ outcome: 'stale', events: [] });
    expect(await models.load('late')).toMatchObject({ definition: { description: 'a' } });
  });

  it('of the same version are handled by one execution', async () => {
    const event = await dropModel('twice');

    const [one, other] = await Promise.all([
      onboard(execution(event)),
      onboard(execution({ ...event, id: 'sent-again' })),
    ]);

    expect([one.outcome, other.outcome].toSorted()).toEqual(['ignored', 'onboarded']);
    expect(await audit('twice')).toHaveLength(1);
  });

  it('that are retried within an execution give the events that were recorded', async () => {
    const input = execution(await dropModel('retried'));
    const answer = await onboard(input);

    expect(await onboard(input)).toEqual(answer);
    expect(await audit('retried')).toHaveLength(1);
  });

  it('read the version that was announced, not the newest', async () => {
    const first = await dropModel('pinned', 'description: first\n');
    await dropModel('pinned', 'description: second\n');

    await onboard(execution(first));

    expect(await models.load('pinned')).toMatchObject({ definition: { description: 'first' } });
  });

  it('of many versions at once, in any order, end with the newest', async () => {
    const events = [];
    for (const number of [1, 2, 3, 4, 5]) events.push(await dropModel('raced', `description: "${number}"\n`));

    await Promise.all(events.toReversed().map((event) => onboard(execution(event))));

    expect(await models.load('raced')).toMatchObject({ definition: { description: '5' } });
  });

  it('of a version that was deleted for good are ignored', async () => {
    const event = await dropModel('gone');
    await s3.send(
      new DeleteObjectCommand({
        Bucket: bucket,
        Key: event.detail.object.key,
        VersionId: event.detail.object['version-id'],
      }),
    );

    expect(await onboard(execution(event))).toMatchObject({ outcome: 'ignored', events: [] });
    expect(await models.find('gone')).toBeUndefined();
  });
});

describe('a file that is not a good definition', () => {
  it('is rejected with line, field, reason and remedy', async () => {
    const event = await drop(
      'definitions/flawed.yaml',
      yaml('flawed', 'trainng: {}\nsplit: { holdout: 2 }\n'),
    );

    const answer = await onboard(execution(event));

    expect(answer).toMatchObject({
      outcome: 'rejected',
      events: [
        {
          type: 'definition.rejected',
          detail: {
            model: 'flawed',
            key: 'definitions/flawed.yaml',
            versionId: event.detail.object['version-id'],
            problems: [
              { line: 4, column: 1, field: 'trainng', what: expect.stringContaining('`training`?') },
              { line: 5, column: 19, field: 'split.holdout', remedy: expect.stringContaining('0.15') },
            ],
          },
        },
      ],
    });
    expect(answer.message).toMatch(
      /^definitions\/flawed\.yaml, line 4: `trainng` is not a field.* one more problem\. Nothing was changed\.$/,
    );
    expect(await audit('flawed')).toEqual(answer.events);
  });

  it('changes nothing: no model, or the model as it was', async () => {
    await onboard(execution(await drop('definitions/never.yaml', 'name: never\n')));
    expect(await models.find('never')).toBeUndefined();

    await onboard(execution(await dropModel('stays')));
    const before = await models.load('stays');
    await onboard(execution(await drop('definitions/stays.yaml', 'nonsense')));
    expect(await models.load('stays')).toEqual(before);
  });

  it('does not keep the next good one from being accepted', async () => {
    await onboard(execution(await drop('definitions/mended.yaml', 'name: Mended\n')));

    expect(await onboard(execution(await dropModel('mended')))).toMatchObject({ outcome: 'onboarded' });
  });

  it('is not read to its end when it is huge', async () => {
    const event = await drop('definitions/huge.yaml', `#${'x'.repeat(5_000_000)}`);

    expect(await onboard(execution(event))).toMatchObject({
      outcome: 'rejected',
      events: [{ detail: { problems: [{ what: expect.stringContaining('more than 65536 bytes') }] } }],
    });
  });

  it.each(['definitions/team/nested.yaml', 'definitions/short.yml', 'definitions/Upper.yaml'])(
    'at %s is rejected with the key that it should have',
    async (key) => {
      const answer = await onboard(execution(await drop(key, yaml('nested'))));

      expect(answer).toMatchObject({
        outcome: 'rejected',
        events: [
          {
            detail: {
              key,
              problems: [
                {
                  line: null,
                  remedy: expect.stringMatching(/^Put the definition at definitions\/[a-z]+\.yaml\.$/),
                },
              ],
            },
          },
        ],
      });
    },
  );

  it('asks for more than this deployment allows', async () => {
    const event = await dropModel('greedy', 'training: { timeLimitMinutes: 121 }\n');

    expect(await onboard(execution(event))).toMatchObject({
      outcome: 'rejected',
      events: [{ detail: { problems: [{ line: 4, field: 'training.timeLimitMinutes' }] } }],
    });
  });

  it('would make a live model predict something else', async () => {
    await putModel(table, modelRecord('relied', { liveVersion: 2, definitionSequencer: '00' }));
    const before = await models.load('relied');

    const answer = await onboard(
      execution(await drop('definitions/relied.yaml', 'name: relied\nproblem: binary\ntarget: other\n')),
    );

    expect(answer).toMatchObject({
      outcome: 'rejected',
      events: [{ detail: { problems: [{ line: 3, column: 9, field: 'target' }] } }],
    });
    expect(await models.load('relied')).toEqual(before);
  });

  it('is a folder, which is nothing', async () => {
    const event = await drop('definitions/archive/', ' ');

    expect(await onboard(execution(event))).toMatchObject({ outcome: 'ignored', events: [] });
  });
});

describe('when handling a file failed for no fault of its own', () => {
  const failure = { Error: 'Lambda.Unknown', Cause: 'out of memory' };

  it('whoever dropped it is told to put it again', async () => {
    const event = await dropModel('unlucky');

    const answer = await reportFailure({ ...execution(event), failure });

    expect(answer).toMatchObject({
      outcome: 'rejected',
      events: [
        {
          type: 'definition.rejected',
          detail: {
            problems: [
              {
                what: expect.stringContaining('Lambda.Unknown'),
                remedy: expect.stringContaining('Put it again'),
              },
            ],
          },
        },
      ],
    });
    expect(await audit('unlucky')).toEqual(answer.events);
  });

  it('but it was registered and only the answer was lost, that is told', async () => {
    const input = execution(await dropModel('lucky'));
    const answer = await onboard(input);

    expect(await reportFailure({ ...input, failure })).toEqual(answer);
  });
});

it('does not touch the registry for input that is no event of S3', async () => {
  await expect(onboard({ executionArn: 'a', event: { id: 'x' } })).rejects.toThrow(z.ZodError);
});
