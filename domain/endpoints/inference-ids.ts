/**
 * Inference ids that begin so are Tidemark's own: callers may not use them. A capture by SageMaker under such an id is not traffic of
 * its own.
 */
const ownPrefix = 'tidemark-';

/** An invocation of the prediction function's, which captures the raw records itself. @param id a UUID: ids have 64 characters at most */
export function predictionInvocationId(id: string): string {
  return `${ownPrefix}predict-${id}`;
}

/** An invocation that proves which version an endpoint serves. */
export function proofInvocationId(version: number, row: number): string {
  return `${ownPrefix}proof-v${version}-${row}`;
}

/** Whether an invocation was made by Tidemark, for the prediction function or as a proof, rather than by a direct caller. */
export function isOwnInvocation(inferenceId: string): boolean {
  return inferenceId.startsWith(ownPrefix);
}

/**
 * The inference id of one line of a direct caller's request: the request's own id if it is the only line, otherwise with the line's
 * position from 0, like `order-17-2`.
 */
export function lineInferenceId(requestId: string, line: number, lines: number): string {
  return lines === 1 ? requestId : `${requestId}-${line}`;
}
