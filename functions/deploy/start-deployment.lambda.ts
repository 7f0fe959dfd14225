import { Endpoints } from '@tidemark/domain/endpoints/endpoints.client.ts';
import { NotFoundError, unreachable } from '@tidemark/domain/errors.ts';
import { type DomainEvent, domainEvent, sentenceOf } from '@tidemark/domain/events/domain-event.ts';
import { inputError } from '@tidemark/domain/executions/input-error.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { toldBy } from '@tidemark/domain/invocations/outcome.ts';
import { endpointName } from '@tidemark/domain/names.ts';
import { Claims } from '@tidemark/domain/registry/claims.client.ts';
import { Leases } from '@tidemark/domain/registry/leases.client.ts';
import { holderSentence, type LeaseDecision } from '@tidemark/domain/registry/leases.ts';
import type { Lease } from '@tidemark/domain/registry/records.schema.ts';
import { isRetired } from '@tidemark/domain/registry/retired-model.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import { type Hold, type Kept, withLease } from '@tidemark/domain/registry/with-lease.client.ts';
import type * as z from 'zod';
import { type Admission, decideAdmission } from './admission.ts';
import { hostingEnvironmentSchema } from './hosting-environment.schema.ts';
import { leftUndone } from './left-undone.ts';
import { decideLifecycle, removalGoal } from './lifecycle-decision.ts';
import { subjectOf } from './order-subject.ts';
import {
  causeOfOrder,
  type LifecycleOrder,
  noProgress,
  type RecoveryRequest,
  type RolloutOrder,
  type RolloutRequest,
  rolloutRequestSchema,
} from './rollout.schema.ts';
import { RolloutBeginnings } from './rollout-beginnings.client.ts';
import { rolloutOwner } from './rollout-lease.ts';
import {
  leaseHolderOf,
  takeFrom,
  takenElsewhere,
  takeToDeploy,
  takeToFollow,
} from './rollout-leases.client.ts';
import { type RolloutStart, rolloutStartInputSchema } from './rollout-start.schema.ts';
import { type RolloutFacts, Rollouts } from './rollouts.client.ts';

const environment = hostingEnvironmentSchema.parse(process.env);
const table = new RegistryTable(environment.TABLE_NAME);
const claims = new Claims(table);
const leases = new Leases(table);
const deployments = new Rollouts(table);
const beginnings = new RolloutBeginnings(deployments, new Endpoints(), {
  stage: environment.STAGE,
  tags: environment.TAGS,
  serverlessMaxConcurrency: environment.SERVERLESS_MAX_CONCURRENCY,
  kmsKeyArn: environment.KMS_KEY_ARN,
  artifactsBucket: environment.ARTIFACTS_BUCKET,
});

type Outcome = RolloutStart | Kept<RolloutStart>;

const tellStart = toldBy<RolloutStart['outcome']>({
  started: 'done',
  abandoned: 'done',
  removing: 'done',
  busy: 'waiting',
  skipped: 'unneeded',
  unneeded: 'unneeded',
  refused: 'refused',
});

/** Takes the model for this execution and plans the deployment, or says why there is none. Safe to repeat. */
export const handler = entry({
  capability: 'deploy',
  name: 'start-deployment',
  input: rolloutStartInputSchema,
  subject: ({ request }) => subjectOf(rolloutRequestSchema.safeParse(request).data),
  run: startDeployment,
  told: (start) => tellStart(start.outcome, { message: sentenceOf(announcedBy(start)) }),
});

async function startDeployment(input: z.infer<typeof rolloutStartInputSchema>): Promise<RolloutStart> {
  const { executionArn, request } = input;
  const parsed = rolloutRequestSchema.safeParse(request);
  if (!parsed.success) return refused(unreadable(parsed.error));
  return await answer(parsed.data, executionArn);
}

function announcedBy(start: RolloutStart): DomainEvent[] {
  return 'conclusion' in start && start.conclusion !== null ? [start.conclusion.event] : [];
}

function unreadable(error: z.ZodError): string {
  return (
    'The input is neither an event (version.approved, model.retired, model.reactivated) nor like ' +
    '{ "model": "flight-delay", "version": 3 } (also "interruptTraining" and "replaceEndpoint", each true or false) ' +
    `nor like { "model": "flight-delay" }. ${inputError(error)}`
  );
}

/** An event is one execution's: only that one has a lease to take, or to give back. */
async function answer(request: RolloutRequest, executionArn: string): Promise<RolloutStart> {
  const taken = request.by === 'recovery' ? undefined : await takenElsewhere(claims, request, executionArn);
  if (taken !== undefined) return { outcome: 'unneeded', message: taken };
  return withLease(leases, leaseHolderOf(request, executionArn), async (hold) => {
    try {
      if (request.by === 'recovery') return await recover(hold, request, executionArn);
      if (request.by === 'lifecycle') return await follow(hold, request, executionArn);
      return await start(hold, request, executionArn);
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      return request.by === 'event'
        ? refuseApproval(request, error.message, executionArn)
        : refused(error.message);
    }
  });
}

async function start(hold: Hold, order: RolloutOrder, executionArn: string): Promise<Outcome> {
  // A caller should not wait for a model to learn that the version cannot be deployed.
  const { admission } = await admit(order);
  if (admission.kind === 'unneeded' || admission.kind === 'refused') {
    return withoutDeployment(order, admission, executionArn);
  }
  const lease = await takeToDeploy(hold, order, new Date());
  if (lease.kind === 'refused') return busy(order.model, lease.holder, maximumWaits.deployment);
  return startWithLease(hold, order, executionArn);
}

/** What was read before the lease was ours may have changed since; from here on no other execution changes it. */
async function startWithLease(hold: Hold, order: RolloutOrder, executionArn: string): Promise<Outcome> {
  const { facts, admission } = await admit(order);
  switch (admission.kind) {
    case 'admitted':
      return hold.keep(() => begin(order, facts, executionArn));
    case 'skipped':
      return skip(facts, rolloutOwner(executionArn), admission.message, causeOfOrder(order, executionArn));
    default:
      return withoutDeployment(order, admission, executionArn);
  }
}

/** Half a minute each. */
const maximumWaits = {
  /** An hour, the default time limit of the training that may hold the model. */
  deployment: 120,
  /** More than eight hours, the longest update of an endpoint; a training is not waited for. */
  lifecycle: 1000,
} as const;

function busy(model: string, holder: Lease | null, waits: number): RolloutStart {
  return { outcome: 'busy', message: holderSentence(model, holder), maximumWaits: waits };
}

async function skip(
  facts: RolloutFacts,
  owner: string,
  message: string,
  causeId: string,
): Promise<RolloutStart> {
  const { model, version } = facts.version;
  const now = new Date();
  const skipped = { model, causeId, version, reason: 'retired', message };
  const event = domainEvent('deployment.skipped', skipped, now);
  const recorded = await deployments.skip(facts, owner, event, now);
  return { outcome: 'skipped', message, conclusion: { error: null, event: recorded } };
}

function withoutDeployment(
  order: RolloutOrder,
  { kind, message }: Extract<Admission, { kind: 'unneeded' | 'refused' }>,
  executionArn: string,
): Promise<RolloutStart> | RolloutStart {
  if (kind === 'unneeded') return { outcome: 'unneeded', message };
  return order.by === 'event' ? refuseApproval(order, message, executionArn) : refused(message);
}

function refused(message: string): RolloutStart {
  return { outcome: 'refused', message, conclusion: null };
}

/** No caller waits for the answer to an approval: its refusal is an event, if there is such a model. */
async function refuseApproval(
  order: RolloutOrder,
  message: string,
  executionArn: string,
): Promise<RolloutStart> {
  const { model, version } = order;
  if (!(await deployments.hasModel(model))) return refused(message);
  const causeId = causeOfOrder(order, executionArn);
  const skipped = { model, causeId, version, reason: 'refused', message };
  const event = await deployments.announce(domainEvent('deployment.skipped', skipped, new Date()));
  return { outcome: 'refused', message, conclusion: { error: null, event } };
}

/** Takes a retired model's endpoint away, or brings back what an active model had. */
async function follow(hold: Hold, order: LifecycleOrder, executionArn: string): Promise<Outcome> {
  const lease = await takeTo(hold, order);
  if (lease.kind === 'refused') return busy(order.model, lease.holder, maximumWaits.lifecycle);
  return followWithLease(hold, order, executionArn, causeOfOrder(order, executionArn));
}

function takeTo(hold: Hold, { model }: LifecycleOrder): Promise<LeaseDecision> {
  return takeToFollow(hold, new Date(), async () => isRetired(await deployments.loadModel(model)));
}

/** From here on only the definition can change what is decided on: then another event follows. */
async function followWithLease(
  hold: Hold,
  order: LifecycleOrder,
  executionArn: string,
  causeId: string,
): Promise<Outcome> {
  const { model } = order;
  const endpointOfModel = endpointName(environment.STAGE, model);
  const leaseOwner = rolloutOwner(executionArn);
  const decision = decideLifecycle(await deployments.loadModel(model), endpointOfModel);
  switch (decision.kind) {
    case 'nothing':
      return { outcome: 'unneeded', message: decision.message };
    case 'remove':
      return hold.keep<RolloutStart>(() => ({
        outcome: 'removing',
        message: decision.message,
        deployment: { model, causeId, leaseOwner, endpointName: endpointOfModel },
        goal: removalGoal(endpointOfModel),
        progress: noProgress,
        alarmNames: [],
      }));
    case 'restore': {
      const { version } = decision;
      const deploy = { ...order, version, interruptTraining: false, replaceEndpoint: false };
      return startWithLease(hold, deploy, executionArn);
    }
    default:
      return unreachable(decision);
  }
}

async function admit(order: RolloutOrder) {
  const facts = await deployments.load(order.model, order.version);
  return { facts, admission: decideAdmission(order, facts.model, facts.version) };
}

async function begin(order: RolloutOrder, facts: RolloutFacts, executionArn: string): Promise<RolloutStart> {
  const { version, model } = facts.version;
  const { plan, walk } = await beginnings.begin(order, facts, {
    causeId: causeOfOrder(order, executionArn),
    leaseOwner: rolloutOwner(executionArn),
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
  FAILED: 'could not end what it had begun',
} as const;

/** Takes over from an execution that could not end what it had begun, if it left anything undone. */
async function recover(hold: Hold, request: RecoveryRequest, executionArn: string): Promise<Outcome> {
  const { order, status } = request;
  if (!('version' in order)) return recoverLifecycle(hold, order, request.executionArn, executionArn);
  const formerOwner = rolloutOwner(request.executionArn);
  const facts = await deployments.load(order.model, order.version);
  const leaseOwner = rolloutOwner(executionArn);
  const what = leftUndone(facts, { formerOwner, leaseOwner });
  if (what === 'nothing') {
    return { outcome: 'unneeded', message: `The execution ${request.executionArn} left nothing to do.` };
  }
  if (what === 'lease') {
    return { outcome: 'unneeded', message: `${order.model} is free again; nothing had been changed.` };
  }
  const lease = await takeFrom(hold, formerOwner, new Date());
  if (lease.kind === 'refused') {
    return { outcome: 'unneeded', message: holderSentence(order.model, lease.holder) };
  }
  const causeId = causeOfOrder(order, request.executionArn);
  return hold.keep<RolloutStart>(async () => {
    const { walk } = await beginnings.begin(order, facts, { causeId, leaseOwner });
    const message = `The execution that deployed it ${howEnded[status]} (${request.executionArn}).`;
    return { outcome: 'abandoned', message, ...walk };
  });
}

/** Continues where an execution left off that was taking an endpoint away, bringing one back, or waiting for its turn. */
async function recoverLifecycle(
  hold: Hold,
  order: LifecycleOrder,
  formerArn: string,
  executionArn: string,
): Promise<Outcome> {
  const handed = await takeFrom(hold, rolloutOwner(formerArn), new Date());
  const lease = handed.kind === 'granted' ? handed : await takeTo(hold, order);
  if (lease.kind === 'refused') return busy(order.model, lease.holder, maximumWaits.lifecycle);
  return followWithLease(hold, order, executionArn, causeOfOrder(order, formerArn));
}
