import {
  type IncomingMessage,
  type OutgoingHttpHeader,
  type OutgoingHttpHeaders,
  ServerResponse,
} from 'node:http';
import type { Caller } from './service.ts';

/** A response that says nothing but errors until the caller's permissions have been asked. */
export class GuardedResponse extends ServerResponse<IncomingMessage> {
  #isAsked = false;

  /** The caller, whose permissions are asked by way of this response. */
  guarded(caller: Caller): Caller {
    return {
      ...caller,
      demand: (requests) => {
        caller.demand(requests);
        this.#isAsked = true;
      },
    };
  }

  /** For a site, once it has decided itself that the caller may call it. */
  decided(): void {
    this.#isAsked = true;
  }

  /** @throws Error before a success of which nobody has asked whether the caller may have it */
  override writeHead(
    statusCode: number,
    reason?: string | OutgoingHttpHeaders | OutgoingHttpHeader[],
    headers?: OutgoingHttpHeaders | OutgoingHttpHeader[],
  ): this {
    if (statusCode < 400 && !this.#isAsked) {
      throw new Error(
        'An operation answers without having asked what its caller may do: ask its guard first.',
      );
    }
    return typeof reason === 'string'
      ? super.writeHead(statusCode, reason, headers)
      : super.writeHead(statusCode, reason);
  }
}
