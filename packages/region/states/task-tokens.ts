import { randomUUID } from 'node:crypto';
import type { Json } from './machine-definition.schema.ts';
import type { StateError } from './state-error.ts';

/** A task that waits for its token to come back. Each method has taken effect, journal included, when it returns. */
export interface TokenHolder {
  succeed(result: Json): void;
  fail(error: StateError): void;
  heartbeat(): void;
}

/** What there is to say of a token that somebody sends. */
type TokenState =
  | { readonly kind: 'waiting'; readonly holder: TokenHolder }
  /** It was one of ours once: the task has ended, by an answer or by a timeout. */
  | { readonly kind: 'over' }
  | { readonly kind: 'invalid' };

const prefix = 'region.';

/** The task tokens of all executions that wait at present. */
export class TaskTokens {
  readonly #holders = new Map<string, TokenHolder>();

  /** A token that nobody can guess. A resumed execution keeps the one in its journal. */
  issue(): string {
    return `${prefix}${Buffer.from(`${randomUUID()}${randomUUID()}`).toString('base64url')}`;
  }

  expect(token: string, holder: TokenHolder): void {
    this.#holders.set(token, holder);
  }

  forget(token: string): void {
    this.#holders.delete(token);
  }

  look(token: string): TokenState {
    const holder = this.#holders.get(token);
    if (holder) return { kind: 'waiting', holder };
    return { kind: token.startsWith(prefix) ? 'over' : 'invalid' };
  }
}
