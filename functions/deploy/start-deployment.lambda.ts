import { z } from 'zod';
import { Endpoints } from '../endpoints/endpoints.client.ts';
import { NotFoundError } from '../errors.ts';
import { domainEvent } from '../events/domain-event.ts';
import { endpointName } from '../names.ts';
import { Claims } from '../registry/claims.client.ts';
import { eventDelivery } from '../registry/claims.ts';
import { Leases } from '../registry/leases.client.ts';
import { holderSentence, type LeaseDecision } from '../registry/leases.ts';
import { isRetired } from '../registry/lifecycle.ts';
import type { Lease } from '../registry/records.schema.ts';
import { RegistryTable } from '../registry/table.client.ts';
import { type Admission, decideAdmission } from './admission.ts';
import { Beginnings } from './beginnings.client.ts';
import { DeployLeases } from './deploy-leases.client.ts';
import {
  causeOf,
  type DeploymentOrder,
  deploymentRequestSchema,
  eventIdOf,
  type LifecycleOrder,
  noProgress,
  type RecoveryRequest,
} from './deployment.schema.ts';
import { type DeploymentFacts, Deployments } from './deployments.client.ts';
import { hostingEnvironmentSchema } from './hosting-environment.schema.ts';
import { deploymentOwner } from './lease.ts';
import { leftUndone } from './left-undone.ts';
import { decideLifecycle, removalGoal } from './lifecycle.ts';
import { type Start, startInputSchema } from './start.schema.ts';

const environment = hostingEnvironmentSchema.parse(process.env);
const table = new RegistryTable(environment.TABLE_NAME);
const claims = new Claims(table);
const leases = new DeployLeases(new Leases(table));
const deployments = new Deployments(table);
const beginnings = new Beginnings(deployments, new Endpoints(), {
  stage: environment.STAGE,
  serverlessMaxConcurrency: environment.SERVERLESS_MAX_CONCURRENCY,
  kmsKeyArn: environment.KMS_KEY_ARN,
  artifactsBucket: environment.ARTIFACTS_BUCKET,
});

/** Takes the model for this execution and plans the deployment, or says why there is none. Safe to repeat. */
export async function handler(event: unknown): Promise<Start> {
  const { executionArn, request } = startInputSchema.parse(event);
  const parsed = deploymentRequestSchema.safeParse(request);
  if (!parsed.success) return refuseUnreadable(parsed.error);
  try {
    const request = parsed.data;
    if (request.by === 'recovery') return await recover(request, executionArn);
    if (request.by === 'lifecycle') return await follow(request, executionArn);
    return await start(request, executionArn);
  } catch (error) {
    if (error instanceof NotFoundError) return { outcome: 'refused', message: error.message };
    throw error;
  }
}

function refuseUnreadable(error: z.ZodError): Start {
  return {
    outcome: 'refused',
    message:
      'The input is neither an event (version.approved, model.retired, model.reactivated) nor like ' +
      '{ "model": "flight-delay", "version": 3 } (also "interruptTraining" and "replaceEndpoint", each true or false) ' +
      `nor like { "model": "flight-delay" }. ${z.prettifyError(error)}`,
  };
}

async function start(order: DeploymentOrder, executionArn: string): Promise<Start> {
  const taken = await takenElsewhere(order, executionArn);
  if (taken !== undefined) return taken;
  // Nobody should wait for a model to learn that the version cannot be deployed. An approval holds the lease already.
  const early = order.by === 'person' ? (await admit(order)).admission : undefined;
  if (early?.kind === 'unneeded' || early?.kind === 'refused') return withoutDeployment(early);

  const owner = deploymentOwner(executionArn);
  const lease = await leases.takeToDeploy(order, owner, new Date());
  if (lease.kind === 'refused') return busy(order.model, lease.holder, maximumWaits.deployment);
  return startWithLease(order, executionArn);
}

/** What was read before the lease was ours may have changed since; from here on nobody else changes it. */
async function startWithLease(order: DeploymentOrder, executionArn: string): Promise<Start> {
  const owner = deploymentOwner(executionArn);
  const { facts, admission } = await admit(order);
  switch (admission.kind) {
    case 'admitted':
      return begin(order, facts, executionArn);
    case 'skipped':
      return skip(facts, owner, admission.message, causeOf(order, executionArn));
    default:
      await leases.release(order.model, owner);
      return withoutDeployment(admission);
  }
}

/** Half a minute each. */
const maximumWaits = {
  /** An hour, the default time limit of the training that may hold the model. */
  deployment: 120,
  /** More than eight hours, the longest update of an endpoint; a training is not waited for. */
  lifecycle: 1000,
} as const;

function busy(model: string, holder: Lease | null, waits: number): Start {
  return { outcome: 'busy', message: holderSentence(model, holder), maximumWaits: waits };
}

async function skip(facts: DeploymentFacts, owner: string, message: string, causeId: string): Promise<Start> {
  const { model, version } = facts.version;
  const now = new Date();
  const skipped = { model, causeId, version, reason: 'retired', message };
  const event = domainEvent('deployment.skipped', skipped, now);
  const recorded = await deployments.skip(facts, owner, event, now);
  return { outcome: 'skipped', message, conclusion: { error: null, event: recorded } };
}

/** Takes a retired model's endpoint away, or brings back what an active model had. */
async function follow(order: LifecycleOrder, executionArn: string): Promise<Start> {
  const taken = await takenElsewhere(order, executionArn);
  if (taken !== undefined) return taken;
  const owner = deploymentOwner(executionArn);
  const lease = await takeToFollow(order.model, owner, new Date());
  if (lease.kind === 'refused') return busy(order.model, lease.holder, maximumWaits.lifecycle);
  return followWithLease(order, executionArn, causeOf(order, executionArn));
}

function takeToFollow(model: string, owner: string, now: Date): Promise<LeaseDecision> {
  return leases.takeToFollow(model, owner, now, async () => isRetired(await deployments.loadModel(model)));
}

/** From here on nobody else changes what is decided on, but the definition: then another event follows. */
async function followWithLease(order: LifecycleOrder, executionArn: string, causeId: string): Promise<Start> {
  const { model } = order;
  const endpointOfModel = endpointName(environment.STAGE, model);
  const leaseOwner = deploymentOwner(executionArn);
  const decision = decideLifecycle(await deployments.loadModel(model), endpointOfModel);
  switch (decision.kind) {
    case 'nothing':
      await leases.release(model, leaseOwner);
      return { outcome: 'unneeded', message: decision.message };
    case 'remove':
      return {
        outcome: 'removing',
        message: decision.message,
        deployment: { model, causeId, leaseOwner, endpointName: endpointOfModel },
        goal: removalGoal(endpointOfModel),
        progress: noProgress,
        alarmNames: [],
      };
    case 'restore': {
      const { version } = decision;
      const deploy = { ...order, version, interruptTraining: false, replaceEndpoint: false };
      return startWithLease(deploy, executionArn);
    }
  }
}

/** EventBridge may deliver an event twice; the second execution has nothing to do. */
async function takenElsewhere(
  order: DeploymentOrder | LifecycleOrder,
  executionArn: string,
): Promise<Start | undefined> {
  const eventId = eventIdOf(order);
  if (eventId === null) return undefined;
  const delivery = eventDelivery(eventId);
  const claim = await claims.take({ capability: 'deploy', delivery, owner: executionArn }, new Date());
  if (claim.kind === 'taken') return undefined;
  return {
    outcome: 'unneeded',
    message: `The execution ${claim.owner} has dealt with this event since ${claim.claimedAt}.`,
  };
}

async function admit(order: DeploymentOrder) {
  const facts = await deployments.load(order.model, order.version);
  return { facts, admission: decideAdmission(order, facts.model, facts.version) };
}

function withoutDeployment({ kind, message }: Extract<Admission, { kind: 'unneeded' | 'refused' }>): Start {
  return { outcome: kind, message };
}

async function begin(order: DeploymentOrder, facts: DeploymentFacts, executionArn: string): Promise<Start> {
  const { version, model } = facts.version;
  const { plan, walk } = await beginnings.begin(order, facts, {
    causeId: causeOf(order, executionArn),
    leaseOwner: deploymentOwner(executionArn),
  });
  return {
    outcome: 'started',
    message: `Deploying version ${version} of ${model} to the endpoint ${plan.endpointName}.`,
    ...walk,
    endpointConfig: { ...plan.endpointConfig },
    alarms: plan.alarms.map((alarm) => ({ ...alarm })),
  };
}

const howEnded = {
  ABORTED: 'was stopped',
  TIMED_OUT: 'ran out of time',
  FAILED: 'broke a limit of Step Functions',
} as const;

/** Takes over from an execution that could not end what it had begun, if it left anything undone. */
async function recover(request: RecoveryRequest, executionArn: string): Promise<Start> {
  const { order, status } = request;
  if (!('version' in order)) return recoverLifecycle(order, request.executionArn, executionArn);
  const formerOwner = deploymentOwner(request.executionArn);
  const facts = await deployments.load(order.model, order.version);
  const leaseOwner = deploymentOwner(executionArn);
  const what = leftUndone(facts, { formerOwner, leaseOwner });
  if (what === 'nothing') {
    return { outcome: 'unneeded', message: `The execution ${request.executionArn} left nothing undone.` };
  }
  if (what === 'lease') {
    await leases.release(order.model, formerOwner);
    return { outcome: 'unneeded', message: `${order.model} is free again; nothing had been changed.` };
  }
  const lease = await leases.takeFrom(formerOwner, order.model, leaseOwner, new Date());
  if (lease.kind === 'refused') {
    return { outcome: 'unneeded', message: holderSentence(order.model, lease.holder) };
  }
  const causeId = causeOf(order, request.executionArn);
  const { walk } = await beginnings.begin(order, facts, { causeId, leaseOwner });
  return {
    outcome: 'abandoned',
    message: `The execution that deployed it ${howEnded[status]} (${request.executionArn}).`,
    ...walk,
  };
}

/** Goes on where an execution left off that was taking an endpoint away, bringing one back, or waiting for its turn. */
async function recoverLifecycle(
  order: LifecycleOrder,
  formerArn: string,
  executionArn: string,
): Promise<Start> {
  const { model } = order;
  const [former, owner, now] = [deploymentOwner(formerArn), deploymentOwner(executionArn), new Date()];
  const handed = await leases.takeFrom(former, model, owner, now);
  const lease = handed.kind === 'granted' ? handed : await takeToFollow(model, owner, now);
  if (lease.kind === 'refused') return busy(model, lease.holder, maximumWaits.lifecycle);
  return followWithLease(order, executionArn, causeOf(order, formerArn));
}
