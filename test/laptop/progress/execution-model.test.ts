import { describe, expect, it } from 'vitest';
import { modelOf } from '../../../laptop/progress/execution-model.ts';

describe('modelOf', () => {
  it.each([
    ['a domain event', { detail: { model: 'churn' } }, 'churn'],
    ['an input by hand', { model: 'churn', version: 3 }, 'churn'],
    ['a definition', { detail: { object: { key: 'definitions/churn.yaml' } } }, 'churn'],
    ['data', { detail: { object: { key: 'incoming/churn/a/b.csv' } } }, 'churn'],
    ['labels', { detail: { object: { key: 'labels/churn/b.csv' } } }, 'churn'],
    ['an alarm', { detail: { alarmName: 'tidemark-dev-model-flight-delay-drift' } }, 'flight-delay'],
    ['something else', { detail: { object: { key: 'other/churn' } } }, undefined],
    ['something odd', { model: 1, detail: 'text' }, undefined],
    ['no object', [1], undefined],
  ])('is told by %s', (_title, input, model) => {
    expect(modelOf(JSON.stringify(input))).toBe(model);
  });
});
