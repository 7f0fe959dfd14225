import { gaugeNamespace } from '@tidemark/domain/monitoring-gauges.ts';
import { ArnFormat, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Foundation } from '../foundation/foundation.ts';
import { CapabilityFunctions } from '../functions/capability-functions.ts';
import type { TidemarkFunction } from '../functions/tidemark-function.ts';
import { Workflow } from '../workflow/workflow.ts';

/** One virtual CPU, which one thread can use; and memory for the ids of a slice, or for the labels of a window, a million each. */
const dataMemoryMegabytes = 1769;

/** As `state-machines/monitor.asl.json` labels its distributed map. */
const mapLabel = 'ProfileSlices';

/**
 * Judges every model's predictions window by window. Schedules belong to models and are made when they are onboarded; they start this
 * machine.
 */
export class MonitorCapability extends Construct {
  readonly workflow: Workflow;
  readonly #foundation: Foundation;
  readonly #lambdas: CapabilityFunctions;

  constructor(scope: Construct, id: string, foundation: Foundation) {
    super(scope, id);
    this.#foundation = foundation;
    this.#lambdas = new CapabilityFunctions(this, foundation, 'monitor');
    this.workflow = new Workflow(this, 'Workflow', {
      foundation,
      capability: 'monitor',
      functions: this.#functions(),
      statements: [this.#metricsStatement(), this.#itemsStatement(), ...this.#keyStatements()],
    });
    this.#allowMapRuns();
    this.workflow.startOnOwnEnd();
    new CfnOutput(this, 'StateMachineArn', {
      description:
        'Start it with { "model": "flight-delay" } to look at what was captured since the last window.',
      value: this.workflow.machine.stateMachineArn,
    }).overrideLogicalId('MonitorStateMachineArn');
  }

  #functions(): Record<string, TidemarkFunction> {
    return {
      StartWindow: this.#lambdas
        .add('start-window', 'takes a model’s monitoring for a window')
        .grantRegistry('read-write'),
      PlanWindow: this.#planWindow(),
      ProfileSlice: this.#profileSlice(),
      FindRepeats: this.#worksOnData(
        'find-repeats',
        'finds predictions that were captured again',
      ).grantRegistry('read'),
      JoinLabels: this.#joinLabels(),
      MergeWindow: this.#worksOnData('merge-window', 'merges the profiles of a window'),
      JudgeWindow: this.#worksOnData('judge-window', 'judges a window and writes its report')
        .grantRegistry('read-write')
        .grantReadObjects('artifacts', 'runs/'),
      RecordFailure: this.#lambdas
        .add('record-failure', 'frees the monitoring of a window that failed')
        .grantRegistry('read-write'),
    };
  }

  /** Lists a day of captures in seconds; five minutes are for a backlog of weeks, whose names take memory too. */
  #planWindow(): TidemarkFunction {
    return this.#lambdas
      .add('plan-window', 'pins what belongs to a window', {
        memoryMegabytes: 1024,
        timeout: Duration.minutes(5),
      })
      .grantRegistry('read-write')
      .grantReadObjects('artifacts', 'monitoring/')
      .grantListObjects('artifacts', 'monitoring/')
      .grantWriteObjects('artifacts', 'monitoring/')
      .grantListVersions('artifacts', 'captures/')
      .grantListVersions('data', 'labels/');
  }

  #profileSlice(): TidemarkFunction {
    return this.#worksOnData('profile-slice', 'profiles the captures of a slice')
      .grantReadObjects('artifacts', 'captures/')
      .grantReadObjects('artifacts', 'runs/')
      .grantListVersions('artifacts', 'captures/');
  }

  #joinLabels(): TidemarkFunction {
    return this.#worksOnData('join-labels', 'joins labels with predictions')
      .grantRegistry('read')
      .grantReadObjects('data', 'labels/')
      .grantReadObjects('artifacts', 'runs/')
      .grantListVersions('data', 'labels/');
  }

  /** Lambda's longest time: how long a step takes grows with what a window has. */
  #worksOnData(name: string, description: string): TidemarkFunction {
    return this.#lambdas
      .add(name, description, {
        memoryMegabytes: dataMemoryMegabytes,
        timeout: Duration.minutes(15),
      })
      .grantReadObjects('artifacts', 'monitoring/')
      .grantListObjects('artifacts', 'monitoring/')
      .grantWriteObjects('artifacts', 'monitoring/');
  }

  /** PutMetricData knows no resources. */
  #metricsStatement(): PolicyStatement {
    return new PolicyStatement({
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: { StringEquals: { 'cloudwatch:namespace': gaugeNamespace } },
    });
  }

  /** The machine itself reads the items of its distributed map. */
  #itemsStatement(): PolicyStatement {
    return new PolicyStatement({
      actions: ['s3:GetObject'],
      resources: [this.#foundation.stores.artifactsBucket.arnForObjects('monitoring/*')],
    });
  }

  #keyStatements(): PolicyStatement[] {
    const { key } = this.#foundation.stores;
    return key ? [new PolicyStatement({ actions: ['kms:Decrypt'], resources: [key.keyArn] })] : [];
  }

  /**
   * A distributed map starts executions of its own machine. A policy of its own: the role's inline one must exist before the machine
   * whose ARN this one names.
   */
  #allowMapRuns(): void {
    const { machine } = this.workflow;
    const executionsOf = (name: string) =>
      Stack.of(this).formatArn({
        service: 'states',
        resource: 'execution',
        resourceName: `${name}:*`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
    const name = machine.stateMachineName;
    new Policy(this, 'MapRuns', {
      roles: [machine.role],
      statements: [
        new PolicyStatement({ actions: ['states:StartExecution'], resources: [machine.stateMachineArn] }),
        new PolicyStatement({
          actions: ['states:DescribeExecution', 'states:StopExecution'],
          resources: [executionsOf(name)],
        }),
        // Of children, whose machine is called by the map's label as well.
        new PolicyStatement({
          actions: ['states:RedriveExecution'],
          resources: [executionsOf(`${name}/${mapLabel}`)],
        }),
      ],
    });
  }
}
