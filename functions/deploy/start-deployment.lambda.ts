import { z } from 'zod';
import { Endpoints } from '../endpoints/endpoints.client.ts';
import { NotFoundError } from '../errors.ts';
import { domainEvent } from '../events/domain-event.ts';
import { endpointName } from '../names.ts';
import { Claims } from '../registry/claims.client.ts';
import { eventDelivery } from '../registry/claims.ts';
import { Leases } from '../registry/leases.client.ts';
import { approvedVersionOwner, holderSentence, type LeaseDecision } from '../registry/leases.ts';
import { isRetired } from '../registry/lifecycle.ts';
import type { Lease } from '../registry/records.schema.ts';
import { RegistryTable } from '../registry/table.client.ts';
import { type Admission, decideAdmission } from './admission.ts';
import { deployGoal, formerConfiguration } from './deploy-goal.ts';
import {
  causeOf,
  type Deployment,
  type DeploymentOrder,
  deploymentRequestSchema,
  eventIdOf,
  type LifecycleOrder,
  noProgress,
  type RecoveryRequest,
} from './deployment.schema.ts';
import { type DeploymentFacts, Deployments } from './deployments.client.ts';
import { type EndpointPlan, planEndpoint } from './endpoint-plan.ts';
import { hostingEnvironmentSchema } from './hosting-environment.schema.ts';
import { deploymentOwner, leaseSeconds } from './lease.ts';
import { leftUndone } from './left-undone.ts';
import { decideLifecycle, removalGoal } from './lifecycle.ts';
import { type Start, startInputSchema } from './start.schema.ts';

const environment = hostingEnvironmentSchema.parse(process.env);
const table = new RegistryTable(environment.TABLE_NAME);
const claims = new Claims(table);
const leases = new Leases(table);
const deployments = new Deployments(table);
const endpoints = new Endpoints();

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
  const lease = await acquire(order, owner, new Date());
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
  const lease = await acquireForLifecycle(order.model, owner, new Date());
  if (lease.kind === 'refused') return busy(order.model, lease.holder, maximumWaits.lifecycle);
  return followWithLease(order, executionArn, causeOf(order, executionArn));
}

/**
 * A retired model does not wait for a training, whose version would not be deployed: the run finds the lease gone and ends. It waits
 * for a deployment, which may be changing the endpoint and gives up at its next look.
 */
async function acquireForLifecycle(model: string, owner: string, now: Date): Promise<LeaseDecision> {
  const wanted = { owner, purpose: 'deploy', seconds: leaseSeconds } as const;
  const acquired = await leases.acquire(model, wanted, now);
  const holder = acquired.kind === 'refused' ? acquired.holder : null;
  if (holder?.purpose !== 'train' || !isRetired(await deployments.loadModel(model))) return acquired;
  return leases.handOver(model, holder.owner, wanted, now);
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

/** Takes over what `train` handed to an approved version; otherwise the lease as anybody takes it. */
async function acquire(order: DeploymentOrder, owner: string, now: Date): Promise<LeaseDecision> {
  const { model, version } = order;
  const wanted = { owner, purpose: 'deploy', seconds: leaseSeconds } as const;
  if (order.by === 'event') {
    const handed = await leases.handOver(model, approvedVersionOwner(version), wanted, now);
    if (handed.kind === 'granted') return handed;
  }
  const acquired = await leases.acquire(model, wanted, now);
  const holder = acquired.kind === 'refused' ? acquired.holder : null;
  if (order.interruptTraining && holder?.purpose === 'train') {
    return leases.handOver(model, holder.owner, wanted, now);
  }
  return acquired;
}

async function begin(order: DeploymentOrder, facts: DeploymentFacts, executionArn: string): Promise<Start> {
  const { version, model } = facts.version;
  const plan = plannedFor(facts);
  const deployment = await takeUp(facts, plan, {
    causeId: causeOf(order, executionArn),
    leaseOwner: deploymentOwner(executionArn),
  });
  return {
    outcome: 'started',
    message: `Deploying version ${version} of ${model} to the endpoint ${plan.endpointName}.`,
    ...towards(plan, deployment, order),
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
  const wanted = { owner: leaseOwner, purpose: 'deploy', seconds: leaseSeconds } as const;
  const lease = await leases.handOver(order.model, formerOwner, wanted, new Date());
  if (lease.kind === 'refused') {
    return { outcome: 'unneeded', message: holderSentence(order.model, lease.holder) };
  }
  const plan = plannedFor(facts);
  const deployment = await takeUp(facts, plan, { causeId: causeOf(order, request.executionArn), leaseOwner });
  return {
    outcome: 'abandoned',
    message: `The execution that deployed it ${howEnded[status]} (${request.executionArn}).`,
    ...towards(plan, deployment, order),
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
  const wanted = { owner, purpose: 'deploy', seconds: leaseSeconds } as const;
  const handed = await leases.handOver(model, former, wanted, now);
  const lease = handed.kind === 'granted' ? handed : await acquireForLifecycle(model, owner, now);
  if (lease.kind === 'refused') return busy(model, lease.holder, maximumWaits.lifecycle);
  return followWithLease(order, executionArn, causeOf(order, formerArn));
}

function plannedFor({ version }: DeploymentFacts): EndpointPlan {
  return planEndpoint(version, {
    stage: environment.STAGE,
    serverlessMaxConcurrency: environment.SERVERLESS_MAX_CONCURRENCY,
    kmsKeyArn: environment.KMS_KEY_ARN,
    artifactsBucket: environment.ARTIFACTS_BUCKET,
  });
}

async function takeUp(
  facts: DeploymentFacts,
  plan: EndpointPlan,
  { causeId, leaseOwner }: Pick<Deployment, 'causeId' | 'leaseOwner'>,
): Promise<Deployment> {
  const { model, version, status } = facts.version;
  const endpoint = await endpoints.describe(plan.endpointName);
  await deployments.begin(facts, leaseOwner, new Date());
  return {
    model,
    version,
    causeId,
    leaseOwner,
    expectedLiveVersion: facts.model.liveVersion,
    endpointName: plan.endpointName,
    before: formerConfiguration(endpoint, plan, status === 'deploying'),
  };
}

function towards(plan: EndpointPlan, deployment: Deployment, { replaceEndpoint }: DeploymentOrder) {
  return {
    deployment,
    goal: deployGoal(plan, deployment.version, replaceEndpoint),
    progress: noProgress,
    alarmNames: plan.alarms.flatMap(({ AlarmName }) => AlarmName ?? []),
  };
}
