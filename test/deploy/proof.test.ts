import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configurationMismatch, disagreement } from '../../functions/deploy/proof.ts';
import { endpointOf, goalOf } from './deploy-records.ts';

describe('an answer', () => {
  const row = (...prediction: number[]) => ({ features: '1,2', prediction });

  it.each([
    { title: 'is the same', prediction: [0.6234567], answer: '0.6234567' },
    { title: 'is printed with six digits', prediction: [0.6234567761421204], answer: '0.623457' },
    {
      title: 'differs in the last bit of 32',
      prediction: [0.6234567761421204],
      answer: '0.6234568357467651',
    },
    { title: 'is a large number printed with six digits', prediction: [1_234_567.4], answer: '1.23457e+06' },
    { title: 'is zero where a sum had a rest', prediction: [6e-8], answer: '0' },
    { title: 'has every class', prediction: [0.1, 0.2, 0.7], answer: '[0.1, 0.2, 0.7]\n' },
  ])('agrees when it $title', ({ prediction, answer }) => {
    expect(disagreement(row(...prediction), answer)).toBeUndefined();
  });

  it.each([
    { prediction: [0.62], answer: '0.63', problem: 'answered 0.63 where 0.62 was recorded' },
    { prediction: [0.62], answer: '0.6201', problem: 'answered 0.6201 where 0.62 was recorded' },
    { prediction: [12.5], answer: '-12.5', problem: 'answered -12.5 where 12.5 was recorded' },
    {
      prediction: [0.1, 0.2, 0.7],
      answer: '0.1,0.3,0.6',
      problem: 'answered 0.3 for class 1 where 0.2 was recorded',
    },
    {
      prediction: [0.1, 0.9],
      answer: '0.9',
      problem: 'answered 1 numbers where 2 were recorded',
    },
  ])('disagrees: $answer is not $prediction', ({ prediction, answer, problem }) => {
    expect(disagreement(row(...prediction), answer)).toBe(problem);
  });

  it('disagrees when it is not a prediction at all', () => {
    expect(disagreement(row(0.5), '<html>')).toMatch(/could not be read: .*"<html>"/);
  });

  it('tells apart what differs by more than twice the tolerance, and never what is equal', () => {
    const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(finite, fc.double({ min: 2, max: 1e6, noNaN: true }), (recorded, times) => {
        const far = recorded + times * (1e-6 + 1e-5 * Math.abs(recorded));
        expect(disagreement(row(recorded), String(recorded))).toBeUndefined();
        expect(disagreement(row(recorded), String(far))).toBeDefined();
      }),
    );
  });
});

describe('a description', () => {
  const goal = goalOf(2);
  const model = { expected: 'model-2', served: 'model-2' };

  it('agrees when the endpoint is in service with the configuration, and that serves the model', () => {
    expect(configurationMismatch(goal, endpointOf(2), model)).toBeUndefined();
  });

  it.each([
    { title: 'there is no endpoint', endpoint: null, problem: /There is no endpoint/ },
    {
      title: 'it has another configuration',
      endpoint: endpointOf(1),
      problem: /InService with .*-v1-.*somebody changed it/,
    },
    {
      title: 'it is being updated',
      endpoint: endpointOf(2, { status: 'Updating' }),
      problem: /is Updating with/,
    },
  ])('disagrees when $title', ({ endpoint, problem }) => {
    expect(configurationMismatch(goal, endpoint, model)).toMatch(problem);
  });

  it.each([
    { served: 'model-1', problem: /serves model-1, not model-2/ },
    { served: null, problem: /serves no model, not model-2/ },
  ])('disagrees when the configuration serves $served', ({ served, problem }) => {
    expect(configurationMismatch(goal, endpointOf(2), { ...model, served })).toMatch(problem);
  });
});
