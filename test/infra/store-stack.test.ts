import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { configSchema } from '../../infra/config.schema.ts';
import { StoreStack } from '../../infra/store-stack.ts';
import { appWithContext, synthesise } from '../support/templates.ts';

/** Names of what a template exports. */
const exportsOf = (template: Template): string[] =>
  Object.values(template.findOutputs('*')).flatMap(({ Export }) => (Export ? [Export.Name] : []));

describe('the store’s stack', () => {
  it.each(['aws', 'customer'])(
    'exports the same whether or not another stack uses it (encryption: %s)',
    (encryption) => {
      const alone = new StoreStack(appWithContext(), 'tidemark-dev-store', {
        config: configSchema.parse({ encryption }),
      });
      const used = synthesise({ encryption }).store;

      expect(exportsOf(Template.fromStack(alone)).sort()).toEqual(exportsOf(used).sort());
    },
  );

  it.each(['jobs', 'serving', 'serverless'])(
    'has the role for %s that SageMaker’s models keep, under a name that stays: whatever else is made again, they find it',
    (purpose) => {
      synthesise({ stage: 'prod' }).store.hasResourceProperties('AWS::IAM::Role', {
        RoleName: { 'Fn::Join': ['', [`tidemark-prod-${purpose}-`, { Ref: 'AWS::Region' }]] },
        AssumeRolePolicyDocument: Match.objectLike({
          Statement: [Match.objectLike({ Principal: { Service: 'sagemaker.amazonaws.com' } })],
        }),
      });
    },
  );

  it('makes the registry last, as CloudFormation could not take it away again if the rest of a first creation failed', () => {
    const resources: Record<string, { Type: string; DependsOn?: string[] }> =
      synthesise().store.toJSON().Resources;
    const table = Object.entries(resources).find(([, { Type }]) => Type === 'AWS::DynamoDB::Table');
    const others = Object.keys(resources).filter((id) => id !== table?.[0]);

    expect([...(table?.[1].DependsOn ?? [])].sort()).toEqual(others.sort());
  });

  it('says how buckets and registry are called', () => {
    const outputs = Object.keys(synthesise().store.findOutputs('*'));

    for (const name of ['DataBucketName', 'ArtifactsBucketName', 'AuditBucketName', 'RegistryTableName']) {
      expect(outputs).toContain(name);
    }
  });
});
