/** Why a running state ends without a result of its own. No `Retry` and no `Catch` sees it. */
export class Interruption extends Error {
  override readonly name = 'Interruption';

  constructor(readonly reason: InterruptionReason) {
    super(`interrupted: ${reason.kind}`);
  }
}

type InterruptionReason =
  | { readonly kind: 'execution-stopped'; readonly error?: string; readonly cause?: string }
  | { readonly kind: 'execution-timed-out' }
  | { readonly kind: 'sibling-failed' }
  /** The region shuts down: nothing more is recorded, and the execution goes on at the next start. */
  | { readonly kind: 'region-closing' };
