import type { InvocationSubject } from '@tidemark/domain/invocations/invocation-line.schema.ts';
import type { RolloutRequest } from './rollout.schema.ts';

/** What a request is about, for the function's log; `undefined`: it could not be read. */
export function subjectOf(request: RolloutRequest | undefined): InvocationSubject {
  if (request === undefined) return {};
  const order = request.by === 'recovery' ? request.order : request;
  return { model: order.model, version: 'version' in order ? order.version : null };
}
