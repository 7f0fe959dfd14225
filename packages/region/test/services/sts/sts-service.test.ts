import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Gateway } from '../../../gateway/gateway.ts';
import { Roles } from '../../../gateway/roles.ts';
import { unlimited } from '../../../iam/access.ts';
import { stsService } from '../../../services/sts/sts-service.ts';

const roles = new Roles(unlimited);
let gateway: Gateway;
beforeAll(async () => {
  gateway = await Gateway.start({
    region: 'eu-west-1',
    accountId: '000000000000',
    services: [stsService()],
    roles,
  });
});
afterAll(() => gateway.stop());

const clientOf = (credentials: { accessKeyId: string; secretAccessKey: string }) =>
  new STSClient({ region: 'eu-west-1', endpoint: gateway.endpoint, credentials, maxAttempts: 1 });

test('the person at the laptop is a user', async () => {
  const client = clientOf(roles.developer);

  expect(await client.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: '000000000000',
    Arn: 'arn:aws:iam::000000000000:user/developer',
    UserId: 'developer',
  });
});

test('credentials of a role are a session of that role', async () => {
  const client = clientOf(roles.credentialsFor('arn:aws:iam::000000000000:role/example/Trainer'));

  expect(await client.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Arn: 'arn:aws:sts::000000000000:assumed-role/Trainer/local',
  });
});

test('what is not served says so', async () => {
  const client = clientOf(roles.developer);

  await expect(
    client.send(new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::000000000000:role/r', RoleSessionName: 's' })),
  ).rejects.toMatchObject({ name: 'NotImplemented', $metadata: { httpStatusCode: 501 } });
});
