import { App, Tags } from 'aws-cdk-lib';
import { bundleFunctions } from './bundle.ts';
import { readConfig } from './config.ts';
import { StoreStack } from './store-stack.ts';
import { WorkflowStack } from './workflow-stack.ts';

const app = new App();
const config = readConfig(app.node);
const codeVersion = bundleFunctions();

const { stores } = new StoreStack(app, `tidemark-${config.stage}-store`, { config });
new WorkflowStack(app, `tidemark-${config.stage}-workflows`, { config, stores, codeVersion });

Tags.of(app).add('tidemark:stage', config.stage);
app.synth();
