import { describe, expect, it } from 'vitest';
import { resolve } from '../../cloudformation/resolve.ts';
import { StackScope } from '../../cloudformation/stack-scope.ts';
import { templateSchema } from '../../cloudformation/template.schema.ts';
import { ValueError } from '../../cloudformation/template-error.ts';
import failing from './intrinsic-errors.cases.json' with { type: 'json' };
import cases from './intrinsics.cases.json' with { type: 'json' };

const template = templateSchema.parse({
  Parameters: {
    Stage: { Type: 'String', Default: 'dev' },
    Subnets: { Type: 'CommaDelimitedList', Default: 'a, b' },
    BootstrapVersion: {
      Type: 'AWS::SSM::Parameter::Value<String>',
      Default: '/cdk-bootstrap/hnb659fds/version',
    },
    Needed: { Type: 'String' },
    Stored: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/not/stored' },
  },
  Mappings: { Accounts: { 'eu-west-1': { xgboost: '141502667606' } } },
  Conditions: {
    IsDev: { 'Fn::Equals': [{ Ref: 'Stage' }, 'dev'] },
    IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
    IsDevHere: {
      'Fn::And': [{ Condition: 'IsDev' }, { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] }],
    },
    IsCircular: { 'Fn::Not': [{ Condition: 'IsCircular' }] },
  },
  Resources: {
    Bucket: { Type: 'AWS::S3::Bucket' },
    Database: { Type: 'AWS::Imagined::Database' },
    Absent: { Type: 'AWS::S3::Bucket', Condition: 'IsProd' },
  },
});

function scope(): StackScope {
  const created = new StackScope({
    template,
    stackName: 'a-stack',
    region: 'eu-west-1',
    accountId: '111122223333',
    creation: 1,
    parameters: {},
    ssmParameter: (name) => (name === '/cdk-bootstrap/hnb659fds/version' ? '33' : undefined),
    exports: new Map([['dev:BucketName', 'exported-bucket']]),
  });
  created.add('Bucket', { ref: 'the-bucket', attributes: { Arn: 'arn:aws:s3:::the-bucket' } });
  created.add('Database', { ref: 'the-database', attributes: { 'Endpoint.Port': '5432' } });
  return created;
}

describe('intrinsic functions', () => {
  it.each(cases)('$title', ({ value, expected }) => {
    expect(resolve(value, scope())).toEqual(expected);
  });

  it.each(failing)('refuse $title, with the path to it', ({ value, path, problem }) => {
    let thrown: unknown;

    try {
      resolve(value, scope());
    } catch (error) {
      thrown = error;
    }

    expect(thrown).toBeInstanceOf(ValueError);
    expect(thrown).toMatchObject({ message: expect.stringContaining(problem) });
    expect((thrown as ValueError).path.join('.')).toBe(path);
  });
});
