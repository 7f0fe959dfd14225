import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { definitionHash } from '@tidemark/domain/definition/definition-hash.ts';
import { Models } from '@tidemark/domain/registry/models.client.ts';
import type { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlannedMonitoring } from '../../functions/onboard/onboarding.schema.ts';
import {
  connectRegistry,
  modelRecord,
  putModel,
  registryTableInput,
  registryTableName,
} from '../support/registry.ts';
import { type Services, startServices } from '../support/services.ts';

let services: Services;
let table: RegistryTable;
let plan: (input: unknown) => Promise<PlannedMonitoring>;

beforeAll(async () => {
  services = await startServices({ tables: [registryTableInput] });
  table = connectRegistry(services);
  Object.assign(process.env, {
    STAGE: 'test',
    TABLE_NAME: registryTableName,
    DATA_BUCKET: 'data',
    ARTIFACTS_BUCKET: 'artifacts',
    CODE_VERSION: 'code',
    AWS_REGION: services.sdkConfig.region,
    AWS_ENDPOINT_URL: services.endpoint,
    AWS_ACCESS_KEY_ID: services.sdkConfig.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: services.sdkConfig.credentials.secretAccessKey,
    ALARM_TOPIC_ARN: 'arn:aws:sns:eu-west-1:111122223333:alarms',
    MONITOR_MACHINE_ARN: 'arn:aws:states:eu-west-1:111122223333:stateMachine:monitor',
    RETRAIN_MACHINE_ARN: 'arn:aws:states:eu-west-1:111122223333:stateMachine:retrain',
    SCHEDULE_GROUP: 'tidemark-test',
    SCHEDULER_ROLE_ARN: 'arn:aws:iam::111122223333:role/scheduler',
    DEAD_LETTER_QUEUE_ARN: 'arn:aws:sqs:eu-west-1:111122223333:undelivered',
  });
  ({ handler: plan } = await import('../../functions/onboard/plan-monitoring.lambda.ts'));
});
afterAll(() => services.stop());

/** S3's event for a model's file. */
const event = (key: string) => ({
  id: 'event-1',
  source: 'aws.s3',
  'detail-type': 'Object Created',
  detail: { bucket: { name: 'data' }, object: { key, size: 1, 'version-id': 'v1', sequencer: '01' } },
});
const ask = (model: string, made: string | null) =>
  plan({ subject: event(`definitions/${model}.yaml`), made });

async function define(name: string, monitoring: object): Promise<string> {
  const definition = definitionSchema.parse({ name, problem: 'binary', target: 'late', monitoring });
  const hash = definitionHash(definition);
  const before = await new Models(table).find(name);
  await putModel(table, { ...(before ?? modelRecord(name)), definition, definitionHash: hash });
  return hash;
}
const monitored = async (model: string) => (await new Models(table).load(model)).monitored;

describe('the plan of a model’s monitoring', () => {
  it('is that of the definition that counts, whichever version of the file led here', async () => {
    await define('first', {});
    const hash = await define('first', { enabled: false });

    expect(await ask('first', null)).toMatchObject({
      outcome: 'to-make',
      definitionHash: hash,
      plan: {
        alarms: [],
        obsoleteAlarms: ['tidemark-test-model-first-drift', 'tidemark-test-model-first-quality'],
      },
    });
    expect(await monitored('first')).toBeUndefined();
  });

  it('is recorded as made once it has been, and again when that is repeated', async () => {
    const hash = await define('second', {});

    expect(await ask('second', hash)).toMatchObject({ outcome: 'made' });
    expect(await ask('second', hash)).toMatchObject({ outcome: 'made' });
    expect(await monitored('second')).toMatchObject({ definitionHash: hash });
  });

  it('is not recorded as made when another definition has come meanwhile', async () => {
    const before = await define('third', {});
    const after = await define('third', { every: 'hour' });

    expect(await ask('third', before)).toMatchObject({ outcome: 'to-make', definitionHash: after });
    expect(await monitored('third')).toBeUndefined();
  });
});
