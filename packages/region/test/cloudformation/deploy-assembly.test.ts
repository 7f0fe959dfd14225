import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { deployAssembly } from '../../cloudformation/deploy-assembly.ts';
import type { DeployOptions } from '../../cloudformation/deploy-stack.ts';
import { DeploymentJournal } from '../../cloudformation/deployment-journal.ts';
import type { RegionServices } from '../../cloudformation/region-services.ts';
import { resourceType } from '../../cloudformation/resource-type.ts';

let directory: string;
let made: { logicalId: string; name: string; text: string | undefined; asset: string | undefined }[];
let removed: string[];
/** What the service of `Kept` things has, by name. */
let service: Map<string, unknown>;
let puts: string[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'assembly-'));
  made = [];
  removed = [];
  service = new Map();
  puts = [];
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A resource type that notes what is made of it. */
const thing = resourceType({
  type: 'AWS::Imagined::Thing',
  properties: {
    Text: z.string().optional(),
    Code: z.strictObject({ Bucket: z.string(), Key: z.string() }).optional(),
  },
  ignored: { Tags: 'nothing reads them' },
  async apply({ Text, Code }, context) {
    const name = context.name({ maximum: 40, lowerCase: true });
    const asset = Code && context.asset(Code.Bucket, Code.Key).path;
    made.push({ logicalId: context.logicalId, name, text: Text, asset });
    return { ref: name, attributes: { Arn: `arn:thing:${name}` } };
  },
  async remove(physicalId) {
    removed.push(physicalId);
  },
});

/** A resource type of a service that keeps what it has. */
const keptThing = resourceType({
  type: 'AWS::Imagined::Kept',
  properties: { Text: z.string().optional() },
  kept: {
    async put({ Text }, { name, logicalId }) {
      puts.push(logicalId);
      if (Text === 'impossible') throw new Error('It cannot be.');
      if (Text === 'too large') throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
      service.set(name({ maximum: 40 }), { Text });
    },
    read: async (physicalId) => service.get(physicalId),
  },
  apply: async (_, { name }) => ({ ref: name({ maximum: 40 }), attributes: {} }),
  async remove(physicalId) {
    if (!service.delete(physicalId)) {
      throw Object.assign(new Error('There is none.'), { name: 'ResourceNotFoundException' });
    }
  },
});

interface Stack {
  readonly template: unknown;
  readonly dependsOn?: readonly string[];
}

function writeAssembly(stacks: Record<string, Stack>): void {
  const artifacts = Object.entries(stacks).flatMap(([name, { dependsOn = [] }]) => [
    [`${name}.assets`, { type: 'cdk:asset-manifest', properties: { file: 'assets.json' } }],
    [
      name,
      {
        type: 'aws:cloudformation:stack',
        environment: 'aws://unknown-account/unknown-region',
        properties: { templateFile: `${name}.template.json` },
        dependencies: [...dependsOn, `${name}.assets`],
      },
    ],
  ]);
  const destination = {
    bucketName: 'cdk-assets-${AWS::AccountId}-${AWS::Region}',
    objectKey: 'abc.zip',
  };
  writeJson('manifest.json', { version: '55.0.0', artifacts: Object.fromEntries(artifacts) });
  writeJson('assets.json', {
    files: {
      abc: { source: { path: 'asset.abc', packaging: 'zip' }, destinations: { here: destination } },
    },
  });
  for (const [name, { template }] of Object.entries(stacks)) writeJson(`${name}.template.json`, template);
}

function writeJson(name: string, content: unknown): void {
  writeFileSync(join(directory, name), JSON.stringify(content));
}

async function deploy(flags: Pick<DeployOptions, 'revertDrift'> = {}) {
  const options: DeployOptions = {
    region: 'eu-west-1',
    accountId: '111122223333',
    services: {} as RegionServices, // the imagined type asks for none
    resourceTypes: new Map([thing, keptThing].map((each) => [each.type, each])),
    ssmParameter: (name) => (name === '/cdk-bootstrap/hnb659fds/version' ? '33' : undefined),
    journal: DeploymentJournal.open(directory),
    ...flags,
  };
  return await deployAssembly(directory, options);
}

const Type = 'AWS::Imagined::Thing';

describe('deployAssembly', () => {
  it('leaves a full disk what it is, and does not blame the template', async () => {
    const Resources = { Full: { Type: 'AWS::Imagined::Kept', Properties: { Text: 'too large' } } };
    writeAssembly({ only: { template: { Resources } } });

    await expect(deploy()).rejects.toMatchObject({ name: 'Error', code: 'ENOSPC' });
  });

  it('deploys a stack after those it depends on and hands it their exports', async () => {
    writeAssembly({
      consumer: {
        dependsOn: ['producer'],
        template: {
          Resources: { Reader: { Type, Properties: { Text: { 'Fn::ImportValue': 'the-export' } } } },
        },
      },
      producer: {
        template: {
          Resources: { Source: { Type } },
          Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Source', 'Arn'] }, Export: { Name: 'the-export' } } },
        },
      },
    });

    const [producer, consumer] = await deploy();

    expect(producer?.stackName).toBe('producer');
    expect(consumer?.stackName).toBe('consumer');
    expect(made.map(({ logicalId }) => logicalId)).toEqual(['Source', 'Reader']);
    expect(made[1]?.text).toBe(`arn:thing:${made[0]?.name}`);
    expect(producer?.outputs).toEqual({ Arn: made[1]?.text });
  });

  it('refuses a stack without an export that another stack still imports, and changes nothing', async () => {
    const consumer = {
      dependsOn: ['producer'],
      template: {
        Resources: { Reader: { Type, Properties: { Text: { 'Fn::ImportValue': 'format-1' } } } },
      },
    };
    const producer = (Name: string, more = {}) => ({
      template: {
        Resources: { Source: { Type }, ...more },
        Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Source', 'Arn'] }, Export: { Name } } },
      },
    });
    writeAssembly({ producer: producer('format-1'), consumer });
    await deploy();
    made.length = 0;

    writeAssembly({ producer: producer('format-2', { Another: { Type } }), consumer });

    await expect(deploy()).rejects.toThrow(
      'stack producer: Cannot delete export format-1 as it is in use by consumer.',
    );
    expect(made).toEqual([]);
    // What uses it is gone before: then it is one export less.
    writeAssembly({ producer: producer('format-1') });
    await deploy();
    writeAssembly({ producer: producer('format-2') });
    await deploy();
  });

  it('gives a resource the same name at every start', async () => {
    writeAssembly({ one: { template: { Resources: { A: { Type } } } } });

    await deploy();
    await deploy();

    expect(made).toHaveLength(2);
    expect(made[0]).toEqual(made[1]);
    expect(made[0]?.name).toMatch(/^one-a-[0-9a-f]{12}$/);
  });

  it('gives resources other names when a stack that was deleted is created again, and knows it for another stack', async () => {
    const template = { Resources: { Thing: { Type, Properties: { Text: { Ref: 'AWS::StackId' } } } } };
    const other = { template: { Resources: { Other: { Type } } } };

    writeAssembly({ gone: { template }, other });
    await deploy();
    writeAssembly({ other });
    await deploy();
    writeAssembly({ gone: { template }, other });
    await deploy();

    const [first, again] = made.filter(({ logicalId }) => logicalId === 'Thing');
    const others = made.filter(({ logicalId }) => logicalId === 'Other');
    expect(removed).toEqual([first?.name]);
    expect(again?.name).not.toBe(first?.name);
    expect(again?.text).not.toBe(first?.text);
    expect(new Set(others.map(({ name }) => name)).size).toBe(1);
  });

  it('keeps a long name within its limit, and different', async () => {
    const long = (end: string) => `A${'LongLogicalId'.repeat(5)}${end}`;
    writeAssembly({
      stack: { template: { Resources: { [long('One')]: { Type }, [long('Two')]: { Type } } } },
    });

    await deploy();

    expect(made.map(({ name }) => name.length)).toEqual([40, 40]);
    expect(new Set(made.map(({ name }) => name)).size).toBe(2);
  });

  it('finds an asset where the CDK would have uploaded it', async () => {
    const Code = {
      Bucket: { 'Fn::Sub': 'cdk-assets-${AWS::AccountId}-${AWS::Region}' },
      Key: 'abc.zip',
    };
    writeAssembly({ one: { template: { Resources: { A: { Type, Properties: { Code } } } } } });

    await deploy();

    expect(made[0]?.asset).toBe(join(directory, 'asset.abc'));
  });

  it('leaves out a resource whose condition does not hold', async () => {
    writeAssembly({
      one: {
        template: {
          Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
          Resources: { A: { Type }, B: { Type, Condition: 'Never' } },
        },
      },
    });

    const [stack] = await deploy();

    expect(stack?.resources.map(({ logicalId }) => logicalId)).toEqual(['A']);
  });

  it('takes away what the template no longer has, but not what its deletion policy keeps', async () => {
    writeAssembly({
      one: {
        template: {
          Resources: { Stays: { Type }, Goes: { Type }, Kept: { Type, DeletionPolicy: 'Retain' } },
        },
      },
      two: { template: { Resources: { GoesToo: { Type } } } },
    });
    await deploy();
    const nameOf = (id: string) => made.find(({ logicalId }) => logicalId === id)?.name;
    writeAssembly({ one: { template: { Resources: { Stays: { Type } } } } });

    await deploy();
    await deploy();

    expect(removed).toEqual([nameOf('Goes'), nameOf('GoesToo')]);
  });

  describe('over resources that their service keeps', () => {
    const Kept = 'AWS::Imagined::Kept';
    const one = (Text: string, others: Record<string, unknown> = {}) =>
      writeAssembly({
        one: {
          template: { Resources: { A: { Type: Kept, Properties: { Text } }, B: { Type: Kept }, ...others } },
        },
      });
    const nameOf = (logicalId: string) =>
      [...service.keys()].find((name) => name.startsWith(`one-${logicalId}`)) ?? '';

    it('leaves alone what the template has as before, and changes what it has otherwise', async () => {
      one('first');
      await deploy();
      one('second');
      const [stack] = await deploy();

      expect(puts).toEqual(['A', 'B', 'A']);
      expect(service.get(nameOf('A'))).toEqual({ Text: 'second' });
      expect(stack?.drift).toEqual([]);
    });

    it('leaves what somebody deleted or changed as it is, and says so, until drift is to be reverted', async () => {
      one('first');
      await deploy();
      const [a, b] = [nameOf('A'), nameOf('B')];
      service.set(a, { Text: 'by hand' });
      service.delete(b);

      const [left] = await deploy();
      const [leftAgain] = await deploy();

      expect(service).toEqual(new Map([[a, { Text: 'by hand' }]]));
      const drift = [
        { type: Kept, physicalId: a, state: 'changed' },
        { type: Kept, physicalId: b, state: 'deleted' },
      ];
      expect(left?.drift).toEqual(drift);
      expect(leftAgain?.drift).toEqual(drift);
      expect(leftAgain?.resources.map(({ physicalId }) => physicalId)).toEqual([a, b]);

      const [reverted] = await deploy({ revertDrift: true });
      expect(reverted?.drift).toEqual([]);
      expect(service).toEqual(
        new Map([
          [a, { Text: 'first' }],
          [b, { Text: undefined }],
        ]),
      );
      expect((await deploy())[0]?.drift).toEqual([]);
    });

    it('goes on with a change that was interrupted, also when the template is the former one again', async () => {
      one('first');
      await deploy();
      one('impossible');
      await expect(deploy()).rejects.toThrow('It cannot be.');
      one('first');
      await deploy();

      expect(puts).toEqual(['A', 'B', 'A', 'A']);
    });

    it('takes away what somebody has deleted already', async () => {
      one('first', { C: { Type: Kept } });
      await deploy();
      service.delete(nameOf('C'));
      one('first');

      const [stack] = await deploy();

      expect(stack?.resources.map(({ logicalId }) => logicalId)).toEqual(['A', 'B']);
      expect(stack?.drift).toEqual([]);
    });
  });

  it.each([
    {
      title: 'a type that is not served',
      template: { Resources: { A: { Type: 'AWS::Imagined::Other' } } },
      message: 'stack one, resource A: the local region does not serve AWS::Imagined::Other',
    },
    {
      title: 'a property that is not served',
      template: { Resources: { A: { Type, Properties: { Colour: 'red' } } } },
      message: 'stack one, resource A, property Colour: the local region does not serve this property',
    },
    {
      title: 'a nested property that is not served',
      template: {
        Resources: { A: { Type, Properties: { Code: { Bucket: 'b', Key: 'k', Colour: 'red' } } } },
      },
      message: 'stack one, resource A, property Code.Colour: the local region does not serve this property',
    },
    {
      title: 'a property of the wrong type',
      template: { Resources: { A: { Type, Properties: { Text: ['a'] } } } },
      message: 'stack one, resource A, property Text:',
    },
    {
      title: 'a value that cannot be worked out',
      template: { Resources: { A: { Type, Properties: { Text: { 'Fn::Join': ['', [{ Ref: 'B' }]] } } } } },
      message: 'stack one, resource A, property Text.Fn::Join.0.Ref: refers to B',
    },
    {
      title: 'an asset that is not there',
      template: { Resources: { A: { Type, Properties: { Code: { Bucket: 'b', Key: 'k' } } } } },
      message: 'stack one, resource A: there is no asset s3://b/k in the cloud assembly',
    },
    {
      title: 'a rule that does not hold',
      template: {
        Parameters: {
          Version: {
            Type: 'AWS::SSM::Parameter::Value<String>',
            Default: '/cdk-bootstrap/hnb659fds/version',
          },
        },
        Rules: {
          Check: {
            Assertions: [
              {
                Assert: { 'Fn::Not': [{ 'Fn::Contains': [['33'], { Ref: 'Version' }] }] },
                AssertDescription: 'Please bootstrap.',
              },
            ],
          },
        },
        Resources: { A: { Type } },
      },
      message: 'stack one, rule Check: Please bootstrap.',
    },
    {
      title: 'a transform',
      template: { Transform: 'AWS::Serverless-2016-10-31', Resources: {} },
      message: 'one.template.json: is not served',
    },
    {
      title: 'a creation policy',
      template: { Resources: { A: { Type, CreationPolicy: {} } } },
      message: 'one.template.json: is not served',
    },
  ])('refuses $title and says where', async ({ template, message }) => {
    writeAssembly({ one: { template } });

    await expect(deploy()).rejects.toThrow(message);
  });

  it('says which file is missing', async () => {
    await expect(deploy()).rejects.toThrow(/manifest\.json: cannot be read/);
  });
});
