import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Foundation } from '../foundation/foundation.ts';
import { CapabilityFunctions } from '../functions/capability-functions.ts';
import type { TidemarkFunction } from '../functions/tidemark-function.ts';
import { Workflow } from '../workflow/workflow.ts';

/** Files of labels: looked at as soon as they are there, so that who sent them hears within minutes what of them can be used. */
export class LabelsCapability extends Construct {
  readonly workflow: Workflow;
  readonly #lambdas: CapabilityFunctions;

  constructor(scope: Construct, id: string, foundation: Foundation) {
    super(scope, id);
    this.#lambdas = new CapabilityFunctions(this, foundation, 'labels');
    this.workflow = new Workflow(this, 'Workflow', {
      foundation,
      capability: 'labels',
      functions: { CheckLabels: this.#checkLabels() },
    }).startOn('OnLabels', {
      source: ['aws.s3'],
      detailType: ['Object Created'],
      detail: {
        bucket: { name: [foundation.stores.dataBucket.bucketName] },
        object: { key: [{ prefix: 'labels/' }] },
      },
    });
  }

  #checkLabels(): TidemarkFunction {
    return this.#lambdas
      .add('check-labels', 'looks at a file of labels and says what can be used', {
        // Hashes of eight million ids are 64 MB, of which two copies are in memory; a line may have 16 MiB.
        memoryMegabytes: 1024,
        timeout: Duration.minutes(2),
      })
      .grantRegistry('read-write')
      .grantReadObjects('data', 'labels/')
      .grantReadObjects('artifacts', 'runs/')
      .grantReadObjects('artifacts', 'monitoring/')
      .grantReadObjects('artifacts', 'captures/')
      .grantListVersions('artifacts', 'captures/')
      .grantWriteObjects('artifacts', 'label-reports/');
  }
}
