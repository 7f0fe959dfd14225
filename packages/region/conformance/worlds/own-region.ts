import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { Gateway } from '../../gateway/gateway.ts';
import { policyDocumentSchema } from '../../iam/policy-document.schema.ts';
import { composeServices } from '../../wiring/compose-services.ts';
import { services } from '../services.ts';
import { clientsOf } from './clients.ts';
import { type Implementation, place, scenarioRoleArn, type World } from './world.ts';

const trust = policyDocumentSchema.parse({
  Statement: {
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: { Service: ['states.amazonaws.com', 'events.amazonaws.com', 'scheduler.amazonaws.com'] },
  },
});
const anything = policyDocumentSchema.parse({
  Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
});

/** The region of this package, with its gateway, its permissions and its files. */
export async function ownRegion(onFault: (fault: unknown) => void): Promise<Implementation> {
  let running = await start(onFault);
  return {
    title: '@tidemark/region',
    services,
    async fresh() {
      await running.stop();
      running = await start(onFault);
      return running.world;
    },
    stop: () => running.stop(),
  };
}

async function start(onFault: (fault: unknown) => void): Promise<{ world: World; stop(): Promise<void> }> {
  const stateDirectory = await mkdtemp(join(tmpdir(), 'conformance-'));
  let endpoint = '';
  const composed = await composeServices({
    ...place,
    stateDirectory,
    endpoint: () => endpoint,
    onEvent: (event) => event.kind === 'fault' && onFault(event.fault),
  });
  composed.roles.putRole({
    name: 'conformance',
    arn: scenarioRoleArn,
    trust,
    policies: new Map([['anything', anything]]),
    managedPolicyArns: [],
  });
  const gateway = await Gateway.start({
    ...place,
    services: composed.inClosingOrder,
    roles: composed.credentials,
    onFault,
  });
  endpoint = gateway.endpoint;
  await composed.resume();
  const clients = clientsOf(endpoint, composed.credentials.developer);
  return {
    world: {
      ...clients,
      async bucket(name, versioning) {
        const configure = (versioned: boolean) =>
          composed.s3.configureBucket(name, { versioned, eventBridge: false, objectLock: false });
        await configure(versioning !== undefined);
        if (versioning === 'Suspended') await configure(false);
      },
      async queue(QueueName) {
        const Resource = `arn:aws:sqs:${place.region}:${place.accountId}:${QueueName}`;
        const Principal = { Service: 'events.amazonaws.com' };
        composed.roles.putResourcePolicy(
          Resource,
          policyDocumentSchema.parse({
            Statement: { Effect: 'Allow', Principal, Action: 'sqs:SendMessage', Resource },
          }),
        );
        return (await clients.sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl;
      },
    },
    async stop() {
      await composed.pause();
      await gateway.stop();
      composed.clock.close();
      await rm(stateDirectory, { recursive: true, force: true });
    },
  };
}
