import { type App, Tags } from 'aws-cdk-lib';
import { applyAccountRules } from './account-rules.ts';
import type { Config } from './config.schema.ts';
import { StoreStack } from './store-stack.ts';
import { WorkflowStack } from './workflow-stack.ts';

interface TidemarkStacks {
  readonly store: StoreStack;
  readonly workflows: WorkflowStack;
}

/** Adds the two stacks of a stage: what must outlive a redeployment, and what may be replaced at any time. */
export function addTidemarkStacks(app: App, config: Config, codeVersion: string): TidemarkStacks {
  // CDK's own switch, where it looks for it.
  if (config.bootstrapQualifier)
    app.node.setContext('@aws-cdk/core:bootstrapQualifier', config.bootstrapQualifier);
  const store = new StoreStack(app, `tidemark-${config.stage}-store`, { config });
  const workflows = new WorkflowStack(app, `tidemark-${config.stage}-workflows`, {
    config,
    store,
    codeVersion,
  });
  Tags.of(app).add('tidemark:stage', config.stage);
  applyAccountRules(app, config);
  return { store, workflows };
}
