import { z } from 'zod';
import { Endpoints } from '../endpoints/endpoints.client.ts';
import { NotFoundError } from '../errors.ts';
import { Claims } from '../registry/claims.client.ts';
import { eventDelivery } from '../registry/claims.ts';
import { Leases } from '../registry/leases.client.ts';
import { approvedVersionOwner, holderSentence, type LeaseDecision } from '../registry/leases.ts';
import { RegistryTable } from '../registry/table.client.ts';
import { type Admission, decideAdmission } from './admission.ts';
import { deployGoal, formerConfiguration } from './deploy-goal.ts';
import {
  causeOf,
  type Deployment,
  type DeploymentOrder,
  deploymentRequestSchema,
  noProgress,
  type RecoveryRequest,
} from './deployment.schema.ts';
import { type DeploymentFacts, Deployments } from './deployments.client.ts';
import { type EndpointPlan, planEndpoint } from './endpoint-plan.ts';
import { hostingEnvironmentSchema } from './hosting-environment.schema.ts';
import { deploymentOwner, leaseSeconds } from './lease.ts';
import { leftUndone } from './left-undone.ts';
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
    if (parsed.data.by === 'recovery') return await recover(parsed.data, executionArn);
    return await start(parsed.data, executionArn);
  } catch (error) {
    if (error instanceof NotFoundError) return { outcome: 'refused', message: error.message };
    throw error;
  }
}

function refuseUnreadable(error: z.ZodError): Start {
  return {
    outcome: 'refused',
    message:
      'The input is neither an event version.approved nor like { "model": "flight-delay", "version": 3 } ' +
      `(also "interruptTraining" and "replaceEndpoint", each true or false). ${z.prettifyError(error)}`,
  };
}

async function start(order: DeploymentOrder, executionArn: string): Promise<Start> {
  const taken = await takenElsewhere(order, executionArn);
  if (taken !== undefined) return taken;
  // Nobody should wait for a model to learn that the version cannot be deployed. An approval holds the lease already.
  const early = order.by === 'person' ? await admit(order) : undefined;
  if (early && early.admission.kind !== 'admitted') return withoutDeployment(early.admission);

  const owner = deploymentOwner(executionArn);
  const lease = await acquire(order, owner, new Date());
  if (lease.kind === 'refused') {
    return { outcome: 'busy', message: holderSentence(order.model, lease.holder) };
  }
  // What was read before the lease was ours may have changed since; from here on nobody else changes it.
  const { facts, admission } = await admit(order);
  if (admission.kind === 'admitted') return begin(order, facts, executionArn);
  await leases.release(order.model, owner);
  return withoutDeployment(admission);
}

/** EventBridge may deliver an approval twice; the second execution has nothing to do. */
async function takenElsewhere(order: DeploymentOrder, executionArn: string): Promise<Start | undefined> {
  if (order.by === 'person') return undefined;
  const delivery = eventDelivery(order.eventId);
  const claim = await claims.take({ capability: 'deploy', delivery, owner: executionArn }, new Date());
  if (claim.kind === 'taken') return undefined;
  return {
    outcome: 'unneeded',
    message: `The execution ${claim.owner} has dealt with this approval since ${claim.claimedAt}.`,
  };
}

async function admit(order: DeploymentOrder) {
  const facts = await deployments.load(order.model, order.version);
  return { facts, admission: decideAdmission(order, facts.model, facts.version) };
}

function withoutDeployment({ kind, message }: Exclude<Admission, { kind: 'admitted' }>): Start {
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
