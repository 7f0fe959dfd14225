import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { functionDirectory } from '../../infra/bundle.ts';
import { configSchema } from '../../infra/config.schema.ts';
import { AlarmTopic } from '../../infra/foundation/alarm-topic.ts';
import { Events } from '../../infra/foundation/events.ts';
import type { Foundation } from '../../infra/foundation/foundation.ts';
import { ModelSchedules } from '../../infra/foundation/model-schedules.ts';
import { SageMakerRoles } from '../../infra/foundation/sagemaker-roles.ts';
import { Stores } from '../../infra/foundation/stores.ts';
import { UndeliveredQueue } from '../../infra/foundation/undelivered-queue.ts';
import { addTidemarkStacks } from '../../infra/tidemark-stacks.ts';

export interface Templates {
  readonly app: App;
  readonly store: Template;
  readonly workflows: Template;
}

/** A configuration in which everything is on that can be asked for, and names are as long as they may be. */
export const everything = {
  stage: 'abcdefgh',
  removalPolicy: 'destroy',
  encryption: 'customer',
  vpc: {
    subnetIds: ['subnet-0a1b2c3d4e5f60718', 'subnet-0a1b2c3d4e5f60719'],
    securityGroupIds: ['sg-0a1b2c3d4e5f60718'],
    functions: true,
  },
  roles: { permissionsBoundary: 'workload-boundary', path: '/workloads/ml/', namePrefix: 'acme-workload-01' },
  tags: { 'cost-centre': '4711', owner: 'ml-platform@example.com' },
  bootstrapQualifier: 'acmecdk01',
  predictConcurrency: 20,
  alarmEmail: 'oncall@example.com',
  tracing: true,
} as const;

/** The templates that `cdk synth` makes of a configuration (the fields of `cdk.json`'s `tidemark`), without bundling. */
export function synthesise(configuration: Readonly<Record<string, unknown>> = {}): Templates {
  makeAssetDirectories();
  const app = appWithContext();
  const { store, workflows } = addTidemarkStacks(app, configSchema.parse(configuration), 'test');
  return { app, store: Template.fromStack(store), workflows: Template.fromStack(workflows) };
}

const cdkJsonSchema = z.object({ context: z.record(z.string(), z.unknown()) });

/** An app with the feature flags of `cdk.json`, which decide what CDK makes of a construct. */
export function appWithContext(context: Readonly<Record<string, unknown>> = {}): App {
  const cdkJson = cdkJsonSchema.parse(JSON.parse(readFileSync('cdk.json', 'utf8')));
  return new App({
    // `cdk synth` validates templates, and `npm run check` runs it; here it would cost seconds in every test file.
    builtinCloudFormationValidation: false,
    treeMetadata: false,
    context: {
      ...cdkJson.context,
      // Assets stay where they are: what is in them does not matter here.
      'aws:cdk:disable-asset-staging': true,
      ...context,
    },
  });
}

/** The template of constructs on their own, in a stack with the foundation they are built on. */
export function synthesiseWith(
  configuration: Readonly<Record<string, unknown>>,
  build: (stack: Stack, foundation: Foundation) => void,
): Template {
  makeAssetDirectories();
  const stack = new Stack(appWithContext(), 'Alone');
  const config = configSchema.parse(configuration);
  const stores = new Stores(stack, 'Stores', config);
  const { topic: alarmTopic } = new AlarmTopic(stack, 'Alarms', config);
  const { queue: undelivered } = new UndeliveredQueue(stack, 'Undelivered', config);
  build(stack, {
    config,
    stores,
    codeVersion: 'test',
    events: new Events(stack, 'Events', { config, undelivered, alarmTopic }),
    schedules: new ModelSchedules(stack, 'Schedules', { config, undelivered }),
    sagemakerRoles: new SageMakerRoles(stack, 'SageMaker', { config, stores }),
  });
  return Template.fromStack(stack);
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

/** What a role may do, by action: the resources, as often as it is granted. */
export function grants(statements: readonly PolicyStatement[]): Map<string, unknown[]> {
  const byAction = new Map<string, unknown[]>();
  for (const { Action, Resource } of statements) {
    for (const action of [Action].flat()) {
      byAction.set(action, [...(byAction.get(action) ?? []), ...[Resource].flat()]);
    }
  }
  return byAction;
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

/** How a template writes an ARN of the account and region that it is deployed to. */
export const arn = (service: string, resource: string) => ({
  'Fn::Join': [
    '',
    [
      'arn:',
      { Ref: 'AWS::Partition' },
      `:${service}:`,
      { Ref: 'AWS::Region' },
      ':',
      { Ref: 'AWS::AccountId' },
      `:${resource}`,
    ],
  ],
});
