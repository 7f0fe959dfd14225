import { holderSentence, isHeld } from '@tidemark/domain/registry/leases.ts';
import { isRetired, reactivationRemedy, retiredSentence } from '@tidemark/domain/registry/retired-model.ts';
import type { Clocks } from '@tidemark/domain/registry/windows-clock.ts';
import { decideByRows } from './new-rows.ts';
import { type RetrainRequest, triggerOf } from './retrain-request.schema.ts';
import type {
  DecidedModel,
  RetrainingDecision,
  RetrainingFacts,
  SuppressionReason,
} from './retraining-decision.ts';
import { limitAgainst, notDue } from './retraining-limits.ts';

type Verdict = RetrainingDecision | undefined;

/**
 * Decides whether a model is trained again. The guards come in the order in which their answer is final: what the request is about,
 * then the limits of the definition, then whether the model is free, and at last, as it means reading every capture, the rows.
 */
export function decideRetraining(
  request: RetrainRequest,
  facts: RetrainingFacts,
  clocks: Clocks,
): RetrainingDecision {
  const { model } = facts;
  if (model === null) return suppress('model-gone', `There is no model called ${request.model}.`);
  if (isRetired(model)) {
    const remedy = reactivationRemedy(model.model);
    return suppress('retired', `${retiredSentence(model.model)} ${remedy}`);
  }
  return (
    triggerGuard(request, model) ??
    episodeGuard(request, facts, model) ??
    openGuard(model) ??
    limitGuard(request, model, facts, clocks) ??
    leaseGuard(model, clocks.wall) ??
    decideByRows(request, model, facts)
  );
}

function triggerGuard(request: RetrainRequest, { model, definition, liveVersion }: DecidedModel): Verdict {
  const trigger = triggerOf(request);
  const listed: readonly string[] = definition.retraining.on;
  if (trigger !== 'manual' && !listed.includes(trigger)) {
    return suppress(
      'not-a-trigger',
      `The definition of ${model} does not list ${trigger} under \`retraining.on\`.`,
    );
  }
  if (isAboutEpisode(request) && !definition.monitoring.enabled) {
    return suppress('monitoring-disabled', `The definition of ${model} has switched monitoring off.`);
  }
  if (liveVersion === null) {
    return suppress('no-live-version', `No version of ${model} is live, so there is none to replace.`);
  }
  return undefined;
}

/**
 * Alarms come late, twice and in any order, so their news is only that the episode which is on has alarmed; an alarm from before it
 * began is another's.
 */
function episodeGuard(
  request: RetrainRequest,
  { episode, isAnswered }: Pick<RetrainingFacts, 'episode' | 'isAnswered'>,
  { model, liveVersion }: DecidedModel,
): Verdict {
  if (!isAboutEpisode(request)) return undefined;
  const { kind } = request;
  const isOther =
    request.by === 'window'
      ? episode?.episodeId !== request.episodeId
      : episode !== null && Date.parse(request.alarmedAt) < Date.parse(episode.since);
  if (episode === null || isOther) {
    return suppress('episode-over', `The episode that the ${kind} alarm of ${model} went off for is over.`);
  }
  if (episode.version !== liveVersion) {
    return suppress(
      'version-changed',
      `The ${kind} alarm is about version ${episode.version} of ${model}, but version ${liveVersion} is live.`,
    );
  }
  if (isAnswered) {
    return suppress(
      'episode-answered',
      `The retraining ${episode.retrainingId} of ${model} answers this episode (${episode.episodeId}) already.`,
    );
  }
  return undefined;
}

function openGuard({ model, openRetraining }: DecidedModel): Verdict {
  if (!openRetraining) return undefined;
  return suppress(
    'retraining-open',
    `The retraining ${openRetraining} of ${model} has not begun to train yet.`,
  );
}

function limitGuard(
  request: RetrainRequest,
  { definition }: DecidedModel,
  facts: RetrainingFacts,
  clocks: Clocks,
): Verdict {
  if (request.by === 'person') return undefined;
  const { retraining, training } = definition;
  const early = request.by === 'schedule' ? notDue(retraining, facts.runs, clocks.windows) : undefined;
  if (early !== undefined) return { kind: 'not-due', message: early };
  const limit = limitAgainst(retraining, training.timeLimitMinutes, facts.retrainings, facts.runs, clocks);
  return limit && suppress(limit.reason, limit.message);
}

function leaseGuard({ model, lease }: DecidedModel, now: Date): Verdict {
  return isHeld(lease, now) ? { kind: 'wait', message: holderSentence(model, lease) } : undefined;
}

function isAboutEpisode(
  request: RetrainRequest,
): request is Extract<RetrainRequest, { by: 'alarm' | 'window' }> {
  return request.by === 'alarm' || request.by === 'window';
}

function suppress(reason: SuppressionReason, message: string): RetrainingDecision {
  return { kind: 'suppress', reason, message };
}
