import { S3Client } from '@aws-sdk/client-s3';

/** Where the fault is: the n-th call of the SDK has its effect, and its answer is lost. 0: before the first. */
export interface Fault {
  readonly call: number;
  /** Also every call after it, as when the process ends or the network is gone: nothing can be cleaned up. */
  readonly lasting: boolean;
}

/** What stands in for a lost connection; no SDK error has its name. */
class InjectedFault extends Error {
  override readonly name = 'InjectedFault';
}

/**
 * Runs `act` with a fault at one call of the AWS SDK, whichever client makes it. Nothing else may use the SDK meanwhile.
 * @param fault none: the calls are only counted
 * @returns how many calls were begun, and what `act` gave or threw
 */
export async function withFault<T>(
  fault: Fault | undefined,
  act: () => Promise<T>,
): Promise<{ calls: number; result?: T; error?: unknown }> {
  // All clients of the SDK share one `send`, on the prototype above their own.
  const shared: { send: (...given: unknown[]) => Promise<unknown> } = Object.getPrototypeOf(
    S3Client.prototype,
  );
  const { send } = shared;
  let calls = 0;
  shared.send = async function (...given: unknown[]) {
    calls += 1;
    const isLater =
      fault !== undefined && (fault.lasting ? calls > fault.call : fault.call === 0 && calls === 1);
    if (isLater) throw new InjectedFault(`before call ${calls}`);
    const answer = await send.apply(this, given);
    if (calls === fault?.call) throw new InjectedFault(`after call ${calls}`);
    return answer;
  };
  try {
    const outcome = await settled(act);
    return { calls, ...outcome };
  } finally {
    shared.send = send;
  }
}

async function settled<T>(act: () => Promise<T>): Promise<{ result: T } | { error: unknown }> {
  try {
    return { result: await act() };
  } catch (error) {
    return { error };
  }
}

/** Every fault of one kind in a run that makes so many calls. */
export function everyFault(calls: number, lasting: boolean): Fault[] {
  return Array.from({ length: calls + 1 }, (_, call) => ({ call, lasting }));
}
