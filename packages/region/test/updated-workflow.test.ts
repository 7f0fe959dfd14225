import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LocalRegion } from '../region.ts';

let directory: string;
let region: LocalRegion | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'updated-'));
});
afterEach(async () => {
  await region?.stop();
  region = undefined;
  rmSync(directory, { recursive: true });
});

const trust = (service: string) => ({
  Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
});

/** A machine that waits and then asks its function what it is: by the function's version, or as it is by then. */
const definition = (functionArn: string) => ({
  Comment: 'Waits, then invokes.',
  QueryLanguage: 'JSONata',
  TimeoutSeconds: 600,
  StartAt: 'Wait',
  States: {
    Wait: { Type: 'Wait', Seconds: 3, Next: 'Ask' },
    Ask: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments: { FunctionName: functionArn },
      TimeoutSeconds: 60,
      Output: '{% $states.result.Payload %}',
      End: true,
    },
  },
});

const machine = (arn: unknown, name: string) => ({
  Type: 'AWS::StepFunctions::StateMachine',
  Properties: {
    StateMachineName: name,
    DefinitionString: JSON.stringify(definition('${FunctionArn}')),
    DefinitionSubstitutions: { FunctionArn: arn },
    RoleArn: { 'Fn::GetAtt': ['MachineRole', 'Arn'] },
  },
});

/** What the CDK makes of a function whose code answers with this text: each state of it has a version of its own. */
function writeAssembly(answer: string): string {
  const assembly = join(directory, answer);
  mkdirSync(join(assembly, 'code'), { recursive: true });
  writeFileSync(join(assembly, 'code/package.json'), '{"type":"commonjs"}');
  writeFileSync(join(assembly, 'code/index.js'), `exports.handler = async () => ${JSON.stringify(answer)};`);
  const write = (name: string, content: unknown) =>
    writeFileSync(join(assembly, name), JSON.stringify(content));
  write('manifest.json', {
    version: '55.0.0',
    artifacts: {
      assets: { type: 'cdk:asset-manifest', properties: { file: 'assets.json' } },
      stack: {
        type: 'aws:cloudformation:stack',
        properties: { templateFile: 'stack.template.json' },
        dependencies: ['assets'],
      },
    },
  });
  write('assets.json', {
    files: {
      code: {
        source: { path: 'code', packaging: 'zip' },
        destinations: { here: { bucketName: 'assets', objectKey: 'code.zip' } },
      },
    },
  });
  const functionArn = { 'Fn::GetAtt': ['Function', 'Arn'] };
  write('stack.template.json', {
    Resources: {
      FunctionRole: {
        Type: 'AWS::IAM::Role',
        Properties: { AssumeRolePolicyDocument: trust('lambda.amazonaws.com') },
      },
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Code: { S3Bucket: 'assets', S3Key: 'code.zip' },
          Handler: 'index.handler',
          Role: { 'Fn::GetAtt': ['FunctionRole', 'Arn'] },
          Runtime: 'nodejs24.x',
          Timeout: 30,
        },
      },
      [`Version${answer}`]: {
        Type: 'AWS::Lambda::Version',
        Properties: { FunctionName: { Ref: 'Function' } },
        DeletionPolicy: 'Retain',
      },
      MachineRole: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: trust('states.amazonaws.com'),
          Policies: [
            {
              PolicyName: 'invoke',
              PolicyDocument: {
                Statement: [
                  {
                    Effect: 'Allow',
                    Action: 'lambda:InvokeFunction',
                    Resource: [functionArn, { 'Fn::Join': ['', [functionArn, ':*']] }],
                  },
                ],
              },
            },
          ],
        },
      },
      ByVersion: machine({ Ref: `Version${answer}` }, 'by-version'),
      ByName: machine(functionArn, 'by-name'),
    },
  });
  return assembly;
}

async function deploy(assemblyDirectory: string): Promise<SFNClient> {
  await region?.stop();
  region = await LocalRegion.start({ assemblyDirectory, stateDirectory: join(directory, 'state') });
  return new SFNClient(region.sdkConfig);
}

const begin = async (client: SFNClient, name: string) => {
  const stateMachineArn = region?.resources.find(({ physicalId }) =>
    physicalId.endsWith(`:${name}`),
  )?.physicalId;
  return (await client.send(new StartExecutionCommand({ stateMachineArn }))).executionArn;
};
const answerOf = async (client: SFNClient, executionArn: string | undefined) =>
  await vi.waitFor(
    async () => {
      const { status, output } = await client.send(new DescribeExecutionCommand({ executionArn }));
      expect(status).toBe('SUCCEEDED');
      return JSON.parse(output ?? 'null');
    },
    { timeout: 60_000, interval: 200 },
  );

it('an execution that began before a deployment ends with the code it began with, and the next one has the new', async () => {
  const before = await deploy(writeAssembly('old'));
  const byVersion = await begin(before, 'by-version');
  const byName = await begin(before, 'by-name');

  const after = await deploy(writeAssembly('new'));

  expect(await answerOf(after, byVersion)).toBe('old');
  // Which is what the version is for.
  expect(await answerOf(after, byName)).toBe('new');
  expect(await answerOf(after, await begin(after, 'by-version'))).toBe('new');
});

it('the same deployment again makes no other version', async () => {
  const assembly = writeAssembly('old');
  const versionsOf = () => region?.resources.find(({ type }) => type === 'AWS::Lambda::Version')?.physicalId;

  await deploy(assembly);
  const first = versionsOf();
  await deploy(assembly);

  expect(first).toMatch(/:1$/);
  expect(versionsOf()).toBe(first);
});
