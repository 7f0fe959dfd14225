import { z } from 'zod';
import { Claims } from '../registry/claims.client.ts';
import { eventDelivery } from '../registry/claims.ts';
import { Leases } from '../registry/leases.client.ts';
import type { LeaseDecision } from '../registry/leases.ts';
import { RegistryTable } from '../registry/table.client.ts';
import { decideAdmission } from './admission.ts';
import { deployGoal, formerConfiguration } from './deploy-goal.ts';
import { type DeploymentRequest, deploymentRequestSchema, noProgress } from './deployment.schema.ts';
import { type DeploymentFacts, Deployments } from './deployments.client.ts';
import { planEndpoint } from './endpoint-plan.ts';
import { Endpoints } from './endpoints.client.ts';
import { hostingEnvironmentSchema } from './hosting-environment.schema.ts';
import { approvedVersionOwner, deploymentOwner, holderSentence, leaseSeconds } from './lease.ts';
import { type Start, startInputSchema } from './start.schema.ts';

const environment = hostingEnvironmentSchema.parse(process.env);
const table = new RegistryTable(environment.TABLE_NAME);
const claims = new Claims(table);
const leases = new Leases(table);
const deployments = new Deployments(table);
const endpoints = new Endpoints();

/** Takes the model for this execution and plans the deployment, or says why there is none. Safe to repeat. */
export async function handler(event: unknown): Promise<Start> {
  const { executionArn, request: unread } = startInputSchema.parse(event);
  const parsed = deploymentRequestSchema.safeParse(unread);
  if (!parsed.success) return refuseUnreadable(parsed.error);
  const request = parsed.data;

  const taken = await takenElsewhere(request, executionArn);
  if (taken !== undefined) return taken;
  const before = await deployments.load(request.model, request.version);
  const first = decideAdmission(request, before.model, before.version);
  if (first.kind !== 'admitted') return { outcome: first.kind, message: first.message };

  const owner = deploymentOwner(executionArn);
  const lease = await acquire(request, owner, new Date());
  if (lease.kind === 'refused') {
    return { outcome: 'busy', message: holderSentence(request.model, lease.holder) };
  }
  // What was read before the lease was ours may have changed since; from here on nobody else changes it.
  const facts = await deployments.load(request.model, request.version);
  const admission = decideAdmission(request, facts.model, facts.version);
  if (admission.kind !== 'admitted') {
    await leases.release(request.model, owner);
    return { outcome: admission.kind, message: admission.message };
  }
  return begin(request, facts, executionArn, owner);
}

function refuseUnreadable(error: z.ZodError): Start {
  return {
    outcome: 'refused',
    message:
      'The input is neither an event version.approved nor like { "model": "flight-delay", "version": 3 } ' +
      `(also "interruptTraining" and "replaceEndpoint", each true or false). ${z.prettifyError(error)}`,
  };
}

/** EventBridge may deliver an approval twice; the second execution has nothing to do. */
async function takenElsewhere(request: DeploymentRequest, executionArn: string): Promise<Start | undefined> {
  if (request.by === 'person') return undefined;
  const delivery = eventDelivery(request.eventId);
  const claim = await claims.take({ capability: 'deploy', delivery, owner: executionArn }, new Date());
  if (claim.kind === 'taken') return undefined;
  return {
    outcome: 'unneeded',
    message: `The execution ${claim.owner} has dealt with this approval since ${claim.claimedAt}.`,
  };
}

/** Takes over what `train` handed to an approved version; otherwise the lease as anybody takes it. */
async function acquire(request: DeploymentRequest, owner: string, now: Date): Promise<LeaseDecision> {
  const { model, version } = request;
  const wanted = { owner, purpose: 'deploy', seconds: leaseSeconds } as const;
  if (request.by === 'event') {
    const handed = await leases.handOver(model, approvedVersionOwner(version), wanted, now);
    if (handed.kind === 'granted') return handed;
  }
  const acquired = await leases.acquire(model, wanted, now);
  const holder = acquired.kind === 'refused' ? acquired.holder : null;
  if (request.interruptTraining && holder?.purpose === 'train') {
    return leases.handOver(model, holder.owner, wanted, now);
  }
  return acquired;
}

async function begin(
  request: DeploymentRequest,
  facts: DeploymentFacts,
  executionArn: string,
  leaseOwner: string,
): Promise<Start> {
  const { model, version } = request;
  const plan = planEndpoint(facts.version, {
    stage: environment.STAGE,
    serverlessMaxConcurrency: environment.SERVERLESS_MAX_CONCURRENCY,
    kmsKeyArn: environment.KMS_KEY_ARN,
  });
  const endpoint = await endpoints.describe(plan.endpointName);
  await deployments.begin(facts, leaseOwner, new Date());
  return {
    outcome: 'started',
    message: `Deploying version ${version} of ${model} to the endpoint ${plan.endpointName}.`,
    deployment: {
      model,
      version,
      causeId: request.by === 'event' ? request.eventId : executionArn,
      leaseOwner,
      expectedLiveVersion: facts.model.liveVersion,
      endpointName: plan.endpointName,
      before: formerConfiguration(endpoint),
    },
    goal: deployGoal(plan, version, request.replaceEndpoint),
    progress: noProgress,
    endpointConfig: { ...plan.endpointConfig },
    alarms: plan.alarms.map((alarm) => ({ ...alarm })),
    alarmNames: plan.alarms.flatMap(({ AlarmName }) => AlarmName ?? []),
  };
}
