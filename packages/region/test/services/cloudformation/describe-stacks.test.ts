import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloudFormationService } from '../../../services/cloudformation/cloudformation-service.ts';
import { place, type Served, serve } from '../serve.ts';

let served: Served;
beforeAll(async () => {
  served = await serve(
    cloudFormationService(() => [
      { stackName: 'store', outputs: { Bucket: 'data-bucket', Table: 'a&b' } },
      { stackName: 'workflows', outputs: {} },
    ]),
  );
});
afterAll(() => served.stop());

/** As the aws command asks: a form, signed. */
async function ask(form: Readonly<Record<string, string>>) {
  const key = served.roles.developer.accessKeyId;
  const response = await fetch(served.clientConfig.endpoint, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${key}/20260101/${place.region}/cloudformation/aws4_request`,
    },
    body: new URLSearchParams({ Version: '2010-05-15', ...form }),
  });
  return { status: response.status, text: await response.text() };
}

describe('DescribeStacks', () => {
  it('tells the outputs of a stack', async () => {
    const { status, text } = await ask({ Action: 'DescribeStacks', StackName: 'store' });

    expect(status).toBe(200);
    expect(text).toContain('<OutputKey>Bucket</OutputKey><OutputValue>data-bucket</OutputValue>');
    expect(text).toContain('<OutputValue>a&amp;b</OutputValue>');
    expect(text).not.toContain('<StackName>workflows</StackName>');
  });

  it('tells all stacks without a name', async () => {
    const { text } = await ask({ Action: 'DescribeStacks' });

    expect(text).toContain('<StackName>store</StackName>');
    expect(text).toContain('<StackName>workflows</StackName>');
  });

  it('does not know other stacks', async () => {
    const { status, text } = await ask({ Action: 'DescribeStacks', StackName: 'none' });

    expect(status).toBe(400);
    expect(text).toContain('<Code>ValidationError</Code>');
  });

  it('refuses a parameter that is not served by its name', async () => {
    const { status, text } = await ask({ Action: 'DescribeStacks', NextToken: 'x' });

    expect(status).toBe(501);
    expect(text).toContain('cloudformation:DescribeStacks with the parameter NextToken');
  });

  it('is all that is served', async () => {
    expect(await ask({ Action: 'CreateStack' })).toMatchObject({
      status: 501,
      text: expect.stringContaining('<Code>NotImplemented</Code>'),
    });
  });
});
