import {
  isOwnInvocation,
  lineInferenceId,
  predictionInvocationId,
  proofInvocationId,
} from '@tidemark/domain/endpoints/inference-ids.ts';
import { expect, it } from 'vitest';

it.each([predictionInvocationId('0f8fad5b-d9cb-469f-a165-70867728950e'), proofInvocationId(99_999_999, 49)])(
  '%s is Tidemark’s own, and short enough for SageMaker',
  (id) => {
    expect(isOwnInvocation(id)).toBe(true);
    expect(id.length).toBeLessThanOrEqual(64);
  },
);

it('a caller’s id is not', () => {
  expect(isOwnInvocation('order-17')).toBe(false);
});

it('a line has its request’s id, with its position if there are others', () => {
  expect(lineInferenceId('order-17', 0, 1)).toBe('order-17');
  expect([0, 1].map((line) => lineInferenceId('order-17', line, 2))).toEqual(['order-17-0', 'order-17-1']);
});
