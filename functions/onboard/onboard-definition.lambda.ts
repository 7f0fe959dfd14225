import type { ObjectPin } from '@tidemark/domain/datasets/manifest.schema.ts';
import type { DefinitionFinding, UnplacedFinding } from '@tidemark/domain/definition/definition-finding.ts';
import { maximumDefinitionBytes, parseDefinition } from '@tidemark/domain/definition/parse-definition.ts';
import { unreachable } from '@tidemark/domain/errors.ts';
import type { DomainEvent, EventCause } from '@tidemark/domain/events/domain-event.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { Claims } from '@tidemark/domain/registry/claims.client.ts';
import { objectDelivery } from '@tidemark/domain/registry/claims.ts';
import { keys } from '@tidemark/domain/registry/keys.ts';
import { Models } from '@tidemark/domain/registry/models.client.ts';
import { type ModelRecord, versionRecordSchema } from '@tidemark/domain/registry/records.schema.ts';
import { RegistryConflictError, RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import type * as z from 'zod';
import { decideOnboarding, type OnboardingDecision } from './decide-onboarding.ts';
import { DefinitionFiles } from './definition-files.client.ts';
import { parseDefinitionKey } from './definition-key.ts';
import { onboardEnvironmentSchema } from './onboard-environment.schema.ts';
import { definitionRejected, modelOnboarded, modelReactivated, modelRetired } from './onboard-events.ts';
import { type Onboarding, onboardInputSchema } from './onboarding.schema.ts';
import { onboardingOf, quiet, toldOfOnboarding } from './onboarding.ts';
import { Onboardings, type ReadDefinition } from './onboardings.client.ts';

const environment = onboardEnvironmentSchema.parse(process.env);
const table = new RegistryTable(environment.TABLE_NAME);
const claims = new Claims(table);
const models = new Models(table);
const onboardings = new Onboardings(table, {
  serverlessEndpoints: environment.SERVERLESS_ENDPOINTS,
  serverlessMaxConcurrency: environment.SERVERLESS_MAX_CONCURRENCY,
  instances: environment.ENDPOINT_INSTANCES,
});
const files = new DefinitionFiles();

/** One delivery of one version of one file. */
interface Delivery {
  readonly object: ObjectPin;
  readonly sequencer: string;
  readonly causeId: string;
}

/** Reads a definition that was dropped and registers it, or says what is wrong with it. Safe to repeat. */
export const handler = entry({
  capability: 'onboard',
  name: 'onboard-definition',
  input: onboardInputSchema,
  subject: ({ event }) => ({ objectKey: event.detail.object.key }),
  run: onboardDefinition,
  told: toldOfOnboarding,
});

async function onboardDefinition(input: z.infer<typeof onboardInputSchema>): Promise<Onboarding> {
  const { executionArn, event } = input;
  const { bucket, object } = event.detail;
  const pin = { bucket: bucket.name, key: object.key, versionId: object['version-id'] };
  const delivery: Delivery = { object: pin, sequencer: object.sequencer, causeId: event.id };

  const key = parseDefinitionKey(pin.key);
  if (key.kind === 'folder') return quiet('ignored', `${pin.key} is a folder.`);
  const claim = { capability: 'onboard', delivery: objectDelivery(pin), owner: executionArn };
  const taken = await claims.take(claim, new Date());
  if (taken.kind === 'already-taken') {
    return quiet('ignored', `The execution ${taken.owner} took this file at ${taken.claimedAt}.`);
  }
  if (key.kind === 'misplaced') {
    const { subject, what, remedy } = key;
    return reject(subject, delivery, [{ line: null, column: null, field: '', what, remedy }]);
  }
  return onboard(key.model, delivery);
}

async function onboard(model: string, delivery: Delivery): Promise<Onboarding> {
  const content = await files.read(delivery.object, maximumDefinitionBytes);
  if (content === undefined) {
    return quiet('ignored', `That version of ${delivery.object.key} was deleted before it was read.`);
  }
  const limits = {
    serverlessMaxConcurrency: environment.SERVERLESS_MAX_CONCURRENCY,
    trainingMinutes: environment.TRAINING_MINUTES,
    images: environment.IMAGES,
    networkIsolation: environment.NETWORK_ISOLATION,
  };
  const parsed = parseDefinition(content, { model, limits });
  if (!parsed.ok) return reject(model, delivery, parsed.problems);
  const { definition, hash, locate } = parsed;
  const read = { definition, hash, object: delivery.object, sequencer: delivery.sequencer };
  const decision = await register(read, delivery.causeId);
  return decision.kind === 'refused'
    ? reject(model, delivery, locate(decision.findings))
    : decision.onboarding;
}

type Registered =
  | { readonly kind: 'done'; readonly onboarding: Onboarding }
  | Extract<OnboardingDecision, { kind: 'refused' }>;

/** Others may write the same record meanwhile, each at most once in a while; more conflicts than these are not theirs. */
const maximumAttempts = 5;

async function register(read: ReadDefinition, causeId: string): Promise<Registered> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await decideAndApply(read, causeId);
    } catch (error) {
      if (!(error instanceof RegistryConflictError)) throw error;
      const findings = error.failed.length > 0 ? await shortage(read) : [];
      if (findings.length > 0) return { kind: 'refused', findings };
      if (attempt === maximumAttempts) throw error;
    }
  }
}

async function shortage(read: ReadDefinition): Promise<readonly UnplacedFinding[]> {
  const former = await models.find(read.definition.name);
  return onboardings.shortage(read, former?.definition);
}

async function decideAndApply(read: ReadDefinition, causeId: string): Promise<Registered> {
  const model = read.definition.name;
  // A retry after the commit would find its own definition and call it unchanged.
  const recorded = await onboardings.registrationEvent(model, causeId);
  if (recorded) return onboarded([recorded]);

  const now = new Date();
  const seen = await models.find(model);
  const decision = decideOnboarding(seen, read, now, await positiveHashOf(seen));
  const cause = { causeId, now };
  switch (decision.kind) {
    case 'create':
      return onboarded(await onboardings.create(read, modelOnboarded(read, true, cause), now));
    case 'update':
      return onboarded(await onboardings.update(decision, read, updateEvent(decision, read, cause), now));
    case 'unchanged':
      await onboardings.keepPlace(decision.seen, read);
      return done(quiet('unchanged', `The definition of ${model} has not changed.`));
    case 'stale':
      return done(quiet('stale', `A newer version of the definition of ${model} is already registered.`));
    case 'refused':
      return decision;
    default:
      return unreachable(decision);
  }
}

/** Of the version that callers have, or will have again. */
async function positiveHashOf(seen: ModelRecord | undefined): Promise<string | null> {
  const version = seen?.liveVersion ?? seen?.restoreVersion;
  if (!seen || !version) return null;
  const record = await table.get(keys.version(seen.model, version), versionRecordSchema);
  return record?.positiveHash ?? null;
}

function updateEvent(
  { transition, seen }: Extract<OnboardingDecision, { kind: 'update' }>,
  read: ReadDefinition,
  cause: EventCause,
): DomainEvent {
  switch (transition) {
    case 'none':
      return modelOnboarded(read, false, cause);
    case 'retires':
      return modelRetired(read, seen, environment.STAGE, cause);
    case 'reactivates':
      return modelReactivated(read, seen, cause);
    default:
      return unreachable(transition);
  }
}

async function reject(
  subject: string,
  { object, causeId }: Delivery,
  problems: readonly DefinitionFinding[],
): Promise<Onboarding> {
  const event = definitionRejected(subject, object, problems, { causeId, now: new Date() });
  return onboardingOf('rejected', await table.commit([], [event]));
}

function onboarded(events: readonly DomainEvent[]): Registered {
  return done(onboardingOf('onboarded', events));
}

function done(onboarding: Onboarding): Registered {
  return { kind: 'done', onboarding };
}
