import { InvalidInputError, InvariantError } from '@tidemark/domain/errors.ts';
import { expect, it } from 'vitest';
import * as ofStatistics from '../../packages/statistics/errors.ts';

it('an error of the statistics package has the name that state machines know from the domain', () => {
  const names = [new InvalidInputError(''), new InvariantError('')].map(({ name }) => name);

  expect(Object.values(ofStatistics).map((Failure) => new Failure('').name)).toEqual(names);
});
