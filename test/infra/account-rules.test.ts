import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { everything, statementsOf, synthesise } from '../support/templates.ts';

const demanding = synthesise(everything);
const plain = synthesise();

interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
}
const all = ({ store, workflows }: { store: Template; workflows: Template }) =>
  [store, workflows].flatMap((template) => Object.entries<Resource>(template.toJSON().Resources));
const rolesOf = (templates: { store: Template; workflows: Template }) =>
  all(templates)
    .filter(([, { Type }]) => Type === 'AWS::IAM::Role')
    .map(([, { Properties }]) => Properties);

const boundary = { 'Fn::Join': ['', expect.arrayContaining([':policy/workload-boundary'])] };

/** A name with what is only known at deployment at its longest. */
function longest(name: unknown): string {
  const parts: unknown[] = typeof name === 'string' ? [name] : Object(name)['Fn::Join'][1];
  return parts
    .map((part) => {
      if (typeof part === 'string') return part;
      return JSON.stringify(part).includes('AWS::Region') ? 'ap-northeast-1' : 'fedcba987654';
    })
    .join('');
}

describe('what an account demands of roles', () => {
  it('is true of every role of both stacks: their path, their boundary, how their names begin', () => {
    const roles = rolesOf(demanding);

    expect(roles.length).toBeGreaterThan(50);
    for (const { Path, PermissionsBoundary, RoleName } of roles) {
      expect(Path).toBe('/workloads/ml/');
      expect(PermissionsBoundary).toEqual(boundary);
      expect(longest(RoleName)).toMatch(/^acme-workload-01\w/);
      expect(longest(RoleName).length).toBeLessThanOrEqual(64);
    }
  });

  it('gives no two roles one name', () => {
    const names = rolesOf(demanding).map(({ RoleName }) => JSON.stringify(RoleName));

    expect(new Set(names).size).toBe(names.length);
  });

  it('takes a policy by its ARN too', () => {
    const permissionsBoundary = 'arn:aws:iam::111122223333:policy/team/limits';

    for (const role of rolesOf(synthesise({ roles: { permissionsBoundary } }))) {
      expect(role.PermissionsBoundary).toBe(permissionsBoundary);
    }
  });

  it('is nothing unless the configuration says so: CloudFormation names roles', () => {
    for (const { Path, PermissionsBoundary } of rolesOf(plain)) {
      expect([Path, PermissionsBoundary]).toEqual([undefined, undefined]);
    }
  });

  it('leaves no ARN of a role that is put together without its path', () => {
    for (const [, { Properties }] of all(demanding)) {
      expect(JSON.stringify(Properties)).not.toMatch(/:role\/(?!workloads)/);
    }
  });
});

describe('tags of the configuration', () => {
  const tagged = ['AWS::S3::Bucket', 'AWS::DynamoDB::Table', 'AWS::Lambda::Function', 'AWS::IAM::Role'];

  it.each(tagged)('are on every %s', (type) => {
    const found = all(demanding).filter(([, { Type }]) => Type === type);

    expect(found.length).toBeGreaterThan(0);
    for (const [, { Properties }] of found) {
      expect(Properties.Tags).toEqual(
        expect.arrayContaining([
          { Key: 'cost-centre', Value: '4711' },
          { Key: 'tidemark:stage', Value: 'abcdefgh' },
        ]),
      );
    }
  });

  it('are known to functions, which put them on jobs, models and endpoints', () => {
    const prepare = Object.values(demanding.workflows.findResources('AWS::Lambda::Function')).find(
      ({ Properties }) => 'XGBOOST_IMAGE' in Properties.Environment.Variables,
    );

    expect(JSON.parse(prepare?.Properties.Environment.Variables.TAGS)).toEqual(everything.tags);
  });
});

describe('functions in a network', () => {
  const functions = (configuration: Record<string, unknown>) =>
    Object.entries(synthesise(configuration).workflows.findResources('AWS::Lambda::Function'));

  it('are all in its subnets, behind its security groups, and may make the interfaces that this takes', () => {
    const { subnetIds, securityGroupIds } = everything.vpc;

    for (const [id, { Properties }] of functions(everything)) {
      expect(Properties.VpcConfig).toEqual({ SubnetIds: subnetIds, SecurityGroupIds: securityGroupIds });
      const role = statementsOf(demanding.workflows, new RegExp(`^${id.replace(/Function\w{8}$/, '')}Role`));
      expect(role.flatMap(({ Action }) => Action)).toContain('ec2:CreateNetworkInterface');
    }
  });

  it('are there only if the configuration says so of functions too', () => {
    const { subnetIds, securityGroupIds } = everything.vpc;

    for (const [, { Properties }] of functions({ vpc: { subnetIds, securityGroupIds } })) {
      expect(Properties.VpcConfig).toBeUndefined();
    }
  });
});

it('templates and bundles go to the bucket of the configured bootstrap', () => {
  expect(JSON.stringify(demanding.workflows.toJSON())).toMatch(/cdk-acmecdk01-assets-/);
  expect(JSON.stringify(plain.workflows.toJSON())).toMatch(/cdk-hnb659fds-assets-/);
});
