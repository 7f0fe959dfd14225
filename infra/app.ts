import { App } from 'aws-cdk-lib';
import { bundleFunctions } from './bundle.ts';
import { readConfig } from './config.ts';
import { addTidemarkStacks } from './tidemark-stacks.ts';

const app = new App();
addTidemarkStacks(app, readConfig(app.node), bundleFunctions());
app.synth();
