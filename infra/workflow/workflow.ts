import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { type EventBus, type EventPattern, Rule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { machineName, ruleArns } from '../foundation/arns.ts';
import type { Foundation } from '../foundation/foundation.ts';
import type { TidemarkFunction } from '../functions/tidemark-function.ts';

export interface WorkflowProps {
  readonly foundation: Foundation;
  /** Its definition is `state-machines/<capability>.asl.json`, which also says how long an execution may take. */
  readonly capability: string;
  /** Functions it invokes; `${<Key>Arn}` in the definition is the ARN of the version that this deployment makes. */
  readonly functions: Readonly<Record<string, TidemarkFunction>>;
  /** Further `${Key}` of the definition; `EventBusName` and `StageName` are always there. */
  readonly substitutions?: Readonly<Record<string, string>>;
  /** What it may do besides invoking its functions and putting domain events. `fromFile` derives nothing. */
  readonly statements?: readonly PolicyStatement[];
}

/** One capability's state machine: the hand-kept ASL file, an explicit role, logs, and alarms when an execution does not succeed. */
export class Workflow extends Construct {
  readonly machine: StateMachine;
  readonly #foundation: Foundation;

  constructor(scope: Construct, id: string, props: WorkflowProps) {
    super(scope, id);
    this.#foundation = props.foundation;
    const { events, config } = props.foundation;
    const functions = Object.entries(props.functions);
    this.machine = new StateMachine(this, 'Machine', {
      stateMachineName: machineName(config.stage, props.capability),
      definitionBody: DefinitionBody.fromFile(`state-machines/${props.capability}.asl.json`),
      definitionSubstitutions: {
        EventBusName: events.bus.eventBusName,
        StageName: config.stage,
        ...props.substitutions,
        ...Object.fromEntries(functions.map(([name, { versionArn }]) => [`${name}Arn`, versionArn])),
      },
      role: this.#role(
        functions.map(([, { versionsArn }]) => versionsArn),
        props.statements ?? [],
      ),
      ...(config.tracing && { tracingEnabled: true }),
      logs: {
        level: LogLevel.ALL,
        includeExecutionData: false,
        destination: new LogGroup(this, 'Logs', {
          // The prefix keeps log delivery's resource policy from growing past its limit.
          logGroupName: `/aws/vendedlogs/states/tidemark-${config.stage}-${props.capability}`,
          retention: config.logRetentionDays,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      },
    });
    this.#letRulesStart();
    this.#alarmWhenUnsuccessful(props.capability);
  }

  /**
   * The role as which rules start the machine, where CDK looks for it before it makes one that any account's rule could take. EventBridge names
   * the rule (its guide, Cross-service confused deputy prevention).
   */
  #letRulesStart(): void {
    new Role(this.machine, 'EventsRole', {
      assumedBy: new ServicePrincipal('events.amazonaws.com', {
        conditions: { ArnLike: { 'aws:SourceArn': ruleArns(this, this.#foundation.config.stage) } },
      }),
    });
  }

  /** Starts an execution for every event that matches; the event is its input. Undeliverable events are kept. */
  startOn(id: string, eventPattern: EventPattern, eventBus?: EventBus): this {
    new Rule(this, id, {
      eventPattern,
      ...(eventBus && { eventBus }),
      targets: [
        new SfnStateMachine(this.machine, {
          deadLetterQueue: this.#foundation.events.deadLetterQueue,
          // EventBridge's own maxima: a day, 185 attempts.
          maxEventAge: Duration.hours(24),
          retryAttempts: 185,
        }),
      ],
    });
    return this;
  }

  /** Starts an execution for every domain event of these types, if its detail matches. */
  startOnDomainEvent(id: string, detailType: string[], detail?: Record<string, unknown>): this {
    const pattern = { source: ['tidemark'], detailType, ...(detail && { detail }) };
    return this.startOn(id, pattern, this.#foundation.events.bus);
  }

  /**
   * Starts an execution for every execution of this machine that ended without being able to clean up: one that was stopped, ran
   * out of time, or broke a limit of Step Functions that no Catch sees. After any other failure an execution has cleaned up
   * itself, or waits to be redriven.
   * @param unfinished errors of its own with which it says that it could not clean up
   */
  startOnOwnEnd(unfinished: readonly string[] = []): this {
    this.startOn('OnExecutionStopped', this.#ended({ status: ['ABORTED', 'TIMED_OUT'] }));
    return this.startOn(
      'OnExecutionBroken',
      this.#ended({
        status: ['FAILED'],
        error: ['States.Runtime', 'States.DataLimitExceeded', ...unfinished],
      }),
    );
  }

  /** Starts an execution for every execution of this machine that ended without success, to continue its work. */
  startOnOwnFailure(): this {
    return this.startOn('OnOwnFailure', this.#ended({ status: ['FAILED', 'TIMED_OUT', 'ABORTED'] }));
  }

  #ended(detail: Record<string, unknown>): EventPattern {
    return {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: { stateMachineArn: [this.machine.stateMachineArn], ...detail },
    };
  }

  /** Inline, so that the role holds everything before the machine is created, as `.sync` tasks require. */
  #role(functionArns: string[], statements: readonly PolicyStatement[]): Role {
    const { partition, region, account } = Stack.of(this);
    return new Role(this, 'Role', {
      // As Step Functions' guide has it for a role that must be there before its machine.
      assumedBy: new ServicePrincipal('states.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:${partition}:states:${region}:${account}:stateMachine:*` },
        },
      }),
      inlinePolicies: {
        workflow: new PolicyDocument({
          statements: [
            new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: functionArns }),
            new PolicyStatement({
              actions: ['events:PutEvents'],
              resources: [this.#foundation.events.bus.eventBusArn],
            }),
            ...statements,
          ],
        }),
      },
    });
  }

  /** An execution that runs out of time does not count as failed, and would go unseen. */
  #alarmWhenUnsuccessful(capability: string): void {
    const overFiveMinutes = { period: Duration.minutes(5), statistic: 'sum' };
    this.#alarm(
      'FailedAlarm',
      `The ${capability} workflow has failed.`,
      this.machine.metricFailed(overFiveMinutes),
    );
    this.#alarm(
      'TimedOutAlarm',
      `The ${capability} workflow has run out of time.`,
      this.machine.metricTimedOut(overFiveMinutes),
    );
  }

  #alarm(id: string, what: string, metric: Metric): void {
    new Alarm(this, id, {
      // The first sentence is its heading in the runbook; a test keeps them equal.
      alarmDescription: `${what} See docs/runbook.md.`,
      metric,
      threshold: 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }).addAlarmAction(new SnsAction(this.#foundation.events.alarmTopic));
  }
}
