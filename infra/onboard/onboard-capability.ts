import { Construct } from 'constructs';
import type { Foundation } from '../foundation/foundation.ts';
import { TidemarkFunction } from '../functions/tidemark-function.ts';
import { Workflow } from '../workflow/workflow.ts';

const prefix = 'definitions/';

/** Model definitions: dropped, validated, registered. */
export class OnboardCapability extends Construct {
  readonly workflow: Workflow;

  constructor(scope: Construct, id: string, foundation: Foundation) {
    super(scope, id);
    const { dataBucket } = foundation.stores;
    this.workflow = new Workflow(this, 'Workflow', {
      foundation,
      capability: 'onboard',
      functions: {
        OnboardDefinition: this.#onboardDefinition(foundation),
        ReportFailure: this.#reportFailure(foundation),
      },
    }).startOn('OnDefinition', {
      source: ['aws.s3'],
      detailType: ['Object Created'],
      detail: { bucket: { name: [dataBucket.bucketName] }, object: { key: [{ prefix }] } },
    });
  }

  #onboardDefinition(foundation: Foundation): TidemarkFunction {
    const { limits } = foundation.config;
    return new TidemarkFunction(this, 'OnboardDefinition', {
      foundation,
      capability: 'onboard',
      name: 'onboard-definition',
      description: 'validates a model definition and registers it',
      environment: {
        SERVERLESS_MAX_CONCURRENCY: String(limits.serverlessMaxConcurrency),
        TRAINING_MINUTES: String(limits.trainingMinutes),
      },
    })
      .grantRegistry('read-write')
      .grantReadObjects('data', prefix)
      .grantListObjects('data', prefix);
  }

  #reportFailure(foundation: Foundation): TidemarkFunction {
    return new TidemarkFunction(this, 'ReportFailure', {
      foundation,
      capability: 'onboard',
      name: 'report-failure',
      description: 'tells that a definition could not be handled',
    }).grantRegistry('read-write');
  }
}
