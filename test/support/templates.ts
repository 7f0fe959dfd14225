import { mkdirSync, readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { functionDirectory } from '../../infra/bundle.ts';
import { configSchema } from '../../infra/config.schema.ts';
import { StoreStack } from '../../infra/store-stack.ts';
import { WorkflowStack } from '../../infra/workflow-stack.ts';

export interface Templates {
  readonly store: Template;
  readonly workflows: Template;
}

/** The templates that `cdk synth` makes of a configuration (the fields of `cdk.json`'s `tidemark`), without bundling. */
export function synthesise(configuration: Readonly<Record<string, unknown>> = {}): Templates {
  makeAssetDirectories();
  const config = configSchema.parse(configuration);
  // Assets stay where they are: what is in them does not matter here.
  const app = new App({ context: { 'aws:cdk:disable-asset-staging': true } });
  const store = new StoreStack(app, `tidemark-${config.stage}-store`, { config });
  const workflows = new WorkflowStack(app, `tidemark-${config.stage}-workflows`, {
    config,
    stores: store.stores,
    codeVersion: 'test',
  });
  return { store: Template.fromStack(store), workflows: Template.fromStack(workflows) };
}

/** CDK wants an asset's directory to exist; bundling makes them, and need not have run. */
function makeAssetDirectories(): void {
  for (const path of readdirSync('functions', { recursive: true, encoding: 'utf8' })) {
    if (path.endsWith('.lambda.ts')) {
      mkdirSync(functionDirectory(basename(dirname(path)), basename(path, '.lambda.ts')), {
        recursive: true,
      });
    }
  }
}

/** The statements of a role: its inline policies and the policies attached to it. */
export function statementsOf(template: Template, roleId: RegExp): PolicyStatement[] {
  const resources = Object.entries<Resource>(template.toJSON().Resources);
  return resources.flatMap(([logicalId, { Type, Properties }]) => {
    if (Type === 'AWS::IAM::Role' && roleId.test(logicalId)) {
      return (Properties.Policies ?? []).flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
    }
    const isOfRole = (Properties?.Roles ?? []).some((role) => roleId.test(role.Ref ?? ''));
    return Type === 'AWS::IAM::Policy' && isOfRole ? (Properties.PolicyDocument?.Statement ?? []) : [];
  });
}

export interface PolicyStatement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

interface PolicyDocument {
  readonly Statement: readonly PolicyStatement[];
}
interface Resource {
  readonly Type: string;
  readonly Properties: {
    readonly Policies?: readonly { readonly PolicyDocument: PolicyDocument }[];
    readonly Roles?: readonly { readonly Ref?: string }[];
    readonly PolicyDocument?: PolicyDocument;
  };
}
