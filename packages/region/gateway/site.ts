import type { IncomingMessage } from 'node:http';
import type { GuardedResponse } from './guarded-response.ts';

/** What answers requests by their address, and not by the service for which they are signed. It decides itself who may call it. */
export interface GatewaySite {
  /** For messages. */
  readonly name: string;
  /** Whether a request is for this site. */
  owns(request: IncomingMessage): boolean;
  /** @param requestId what the answer and whatever the request causes are known by */
  handle(request: IncomingMessage, response: GuardedResponse, requestId: string): Promise<void>;
}
