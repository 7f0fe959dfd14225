import { inputError } from '@tidemark/domain/executions/input-error.ts';
import { expect, it } from 'vitest';
import { rolloutRequestSchema } from '../../../functions/deploy/rollout.schema.ts';

function wrong(input: unknown): string {
  const { error } = rolloutRequestSchema.safeParse(input);
  return error ? inputError(error) : 'nothing';
}

it.each([
  [{ model: 'churn', version: '3' }, /number.*\n.*version/],
  [{ model: 'churn', version: 0 }, /version/],
  [{ model: 'churn', version: 1.5 }, /version/],
  [{ modle: 'churn' }, /modle/],
  [{ model: 'churn', version: 1, replaceEndpoint: 1 }, /boolean.*\n.*replaceEndpoint/],
  [{ model: 'Churn', version: 1 }, /model/],
  [{ 'detail-type': 'version.approved', detail: { model: 'churn', version: 'abc' } }, /detail\.version/],
  [{ 'detail-type': 'model.retired', detail: { model: 'churn' } }, /detail\.eventId/],
])('of the input of a deployment, %j, names the field that is wrong', (input, field) => {
  expect(wrong(input)).toMatch(field);
  expect(wrong(input)).not.toContain('Invalid input\n');
});
