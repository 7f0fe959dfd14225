import { join } from 'node:path';
import type { ImageMap } from '../containers/images.ts';
import { Roles } from '../gateway/roles.ts';
import type { AwsEvent, Service } from '../gateway/service.ts';
import type { GatewaySite } from '../gateway/site.ts';
import { Access, type DecisionListener } from '../iam/access.ts';
import type { Denial } from '../iam/denial.ts';
import { type PolicyDocument, RoleStore } from '../iam/role-store.ts';
import { HttpApiSite } from '../services/apigateway/http-api-site.ts';
import { HttpApis } from '../services/apigateway/http-apis.ts';
import { cloudWatchService } from '../services/cloudwatch/cloudwatch-service.ts';
import { dynamoDbService } from '../services/dynamodb/dynamodb-service.ts';
import { ecrService } from '../services/ecr/ecr-service.ts';
import { eventsService } from '../services/events/events-service.ts';
import { type FirehoseService, firehoseService } from '../services/firehose/firehose-service.ts';
import type { RunFunction } from '../services/lambda/caller-worker.ts';
import { type LambdaService, lambdaService } from '../services/lambda/lambda-service.ts';
import type { PoolLimits } from '../services/lambda/worker-pool.ts';
import { type S3Service, s3Service } from '../services/s3/s3-service.ts';
import { sagemakerService } from '../services/sagemaker/sagemaker-service.ts';
import { schedulerService } from '../services/scheduler/scheduler-service.ts';
import { sqsService } from '../services/sqs/sqs-service.ts';
import { type StatesService, statesService } from '../services/states/states-service.ts';
import { stsService } from '../services/sts/sts-service.ts';
import type { Breakpoint } from '../states/breakpoint.ts';
import { makePrivate } from '../store/private-directory.ts';
import { RegionClock } from '../virtual-time.ts';
import { mayPublish } from './alarm-actions.ts';
import { deadLettersTo } from './dead-letters.ts';
import { deliverTo, type EventTargets } from './event-targets.ts';

/** What the region tells its caller. */
export type RegionEvent =
  /** A defect of the region itself. */
  | { readonly kind: 'fault'; readonly what: string; readonly fault: unknown }
  /** An event that no target took; a dead-letter queue has it if its rule names one. */
  | {
      readonly kind: 'event-given-up';
      readonly ruleName: string;
      readonly targetArn: string;
      readonly why: string;
    }
  /** An invocation that no target took; a dead-letter queue has it if its schedule names one. */
  | {
      readonly kind: 'schedule-given-up';
      readonly scheduleArn: string;
      readonly targetArn: string;
      readonly why: string;
    }
  /** Firehose could not write an object. It tries again. */
  | { readonly kind: 'delivery-failed'; readonly streamName: string; readonly why: string }
  /** A role or a service was refused what the templates' policies do not allow. */
  | ({ readonly kind: 'access-denied' } & Denial)
  /** An alarm has another state, which has actions: what its topic's subscribers would be told. Nobody is sent an e-mail here. */
  | { readonly kind: 'alarm'; readonly alarmName: string; readonly state: string; readonly reason: string };

/** Processes of functions that wait for their next invocation: how many with those that run, and what the waiting ones may hold together. */
export type WarmFunctions = Pick<PoolLimits, 'workers' | 'idleMegabytes'>;

export interface ComposeOptions {
  readonly region: string;
  readonly accountId: string;
  readonly stateDirectory: string;
  /** The gateway's endpoint, once it listens. */
  readonly endpoint: () => string;
  readonly speed?: number;
  readonly images?: ImageMap;
  readonly layerModules?: string;
  readonly warmFunctions?: WarmFunctions;
  readonly runFunction?: RunFunction;
  readonly startupSeconds?: number;
  readonly sagemakerCreatesPerSecond?: number;
  readonly accountPolicies?: Readonly<Record<string, PolicyDocument>>;
  readonly breakpoint?: Breakpoint;
  readonly issuers?: Readonly<Record<string, string>>;
  readonly onEvent?: (event: RegionEvent) => void;
  readonly onDecision?: DecisionListener;
  /** Told of every event that somebody puts on a bus. */
  readonly onPut?: (event: AwsEvent) => void;
  /** Told of every event that comes to a bus, also of those that services emit. */
  readonly onPublished?: (bus: string, event: AwsEvent) => void;
}

/** The region's services, tied together. */
export interface ComposedServices {
  /** What emits events before what takes them. */
  readonly inClosingOrder: readonly Service[];
  readonly clock: RegionClock;
  readonly credentials: Roles;
  readonly roles: RoleStore;
  readonly s3: S3Service;
  readonly firehose: FirehoseService;
  readonly lambda: LambdaService;
  readonly states: StatesService;
  readonly httpApis: HttpApis;
  /** What the gateway answers by address. */
  readonly sites: readonly GatewaySite[];
  readonly onFault: (fault: unknown, what: string) => void;
  /** Goes on with what an earlier run left. Call it when all resources exist. */
  resume(): Promise<void>;
  /** Resolves when no event is on its way; what waits for another attempt does not count. */
  idle(): Promise<void>;
  /** Leaves executions, jobs and endpoints where they are, before what they call is closed. */
  pause(): Promise<void>;
}

/** Opens every service of the region on its part of the state directory. */
export async function composeServices(options: ComposeOptions): Promise<ComposedServices> {
  const {
    region,
    accountId,
    stateDirectory,
    endpoint,
    images = {},
    onEvent = () => undefined,
    onDecision,
    onPut = () => undefined,
  } = options;
  const onFault = (fault: unknown, what: string) => onEvent({ kind: 'fault', what, fault });
  makePrivate(stateDirectory);
  const roles = new RoleStore();
  for (const [arn, document] of Object.entries(options.accountPolicies ?? {}))
    roles.putManagedPolicy(arn, document);
  const onDenied = (denial: Denial) => onEvent({ kind: 'access-denied', ...denial });
  const credentials = new Roles(new Access({ region, accountId, roles, onDenied, onDecision }));
  const time = RegionClock.open({ file: join(stateDirectory, 'clock.json'), speed: options.speed ?? 1 });
  const shared = { region, accountId, endpoint, roles: credentials, clock: time.wall, time, images, onFault };
  const directory = (name: string) => join(stateDirectory, name);

  const sqs = await sqsService({ ...shared, directory: directory('sqs') });
  // EventBridge starts executions, and executions emit events: one of the two must come to know the other later.
  const targets: EventTargets = { sqs };
  const sendDeadLetter = deadLettersTo(sqs, credentials);
  const events = await eventsService({
    ...shared,
    directory: directory('events'),
    targets: deliverTo(targets, credentials),
    sendDeadLetter,
    onPut,
    ...(options.onPublished !== undefined && { onPublished: options.onPublished }),
    onGivenUp: ({ ruleName, target }, { message }) =>
      onEvent({ kind: 'event-given-up', ruleName, targetArn: target.Arn, why: message }),
  });
  const s3 = await s3Service({ ...shared, directory: directory('s3'), events });
  const dynamodb = await dynamoDbService({ ...shared, directory: directory('dynamodb') });
  const cloudwatch = await cloudWatchService({
    ...shared,
    directory: directory('cloudwatch'),
    events,
    onAction({ configuration: { AlarmName: alarmName }, state }, actions) {
      onEvent({ kind: 'alarm', alarmName, state: state.value, reason: state.reason });
      mayPublish(credentials, `arn:aws:cloudwatch:${region}:${accountId}:alarm:${alarmName}`, actions);
    },
  });
  const sagemaker = await sagemakerService({
    ...shared,
    directory: directory('sagemaker'),
    ...(options.startupSeconds !== undefined && { startupSeconds: options.startupSeconds }),
    ...(options.sagemakerCreatesPerSecond !== undefined && {
      createsPerSecond: options.sagemakerCreatesPerSecond,
    }),
    events,
    metrics: cloudwatch,
  });
  const lambda = lambdaService({
    ...shared,
    directory: directory('lambda'),
    ...(options.layerModules !== undefined && { layerModules: options.layerModules }),
    ...(options.warmFunctions !== undefined && { limits: options.warmFunctions }),
    ...(options.runFunction !== undefined && { runFunction: options.runFunction }),
    onLog: (_function, line) => cloudwatch.readLog(line),
  });
  const states = statesService({
    ...shared,
    directory: directory('states'),
    events,
    invocationsAtOnce: lambda.concurrency,
    breakpoint: options.breakpoint,
  });
  targets.states = states;
  const httpApis = new HttpApis();
  const firehose = await firehoseService({
    ...shared,
    directory: directory('firehose'),
    onFailedDelivery: (streamName, why) => onEvent({ kind: 'delivery-failed', streamName, why }),
  });
  const scheduler = await schedulerService({
    ...shared,
    directory: directory('scheduler'),
    sendDeadLetter,
    onGivenUp: ({ scheduleArn, target }, { message }) =>
      onEvent({ kind: 'schedule-given-up', scheduleArn, targetArn: target.Arn, why: message }),
  });

  return {
    inClosingOrder: [
      scheduler,
      states,
      lambda,
      sagemaker,
      firehose,
      s3,
      dynamodb,
      cloudwatch,
      events,
      sqs,
      ecrService({ images }),
      stsService(),
    ],
    clock: time,
    credentials,
    roles,
    s3,
    firehose,
    lambda,
    states,
    httpApis,
    sites: [
      new HttpApiSite({
        ...shared,
        apis: httpApis,
        lambda,
        ...(options.issuers !== undefined && { issuers: options.issuers }),
      }),
    ],
    onFault,
    async resume() {
      lambda.resume();
      await sagemaker.resume();
      states.resume();
      await events.start();
      await cloudwatch.start();
      await firehose.start();
      await scheduler.start();
    },
    async idle() {
      await s3.idle();
      await events.idle();
    },
    async pause() {
      await scheduler.pause();
      // From here on events wait for the next start.
      delete targets.states;
      await states.close();
      await sagemaker.pause();
      await firehose.pause();
    },
  };
}
