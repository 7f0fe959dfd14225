import type { MeantDifference } from '../meant-difference.ts';
import type { ServiceName } from '../services.ts';
import type { ImplementationName } from '../worlds/world.ts';

/** Entries of one implementation and service. */
export const meantFor =
  (from: ImplementationName, service: ServiceName) =>
  (
    steps: RegExp,
    paths: RegExp,
    count: number,
    right: MeantDifference['right'],
    because: string,
    source: string,
  ): MeantDifference => ({ from, service, steps, paths, count, right, because, source });

/** The answers of AWS that LocalStack's tests have recorded, https://github.com/localstack/localstack at 8b9a79f. */
export const recorded = (...tests: string[]): string => `LocalStack 8b9a79f, ${tests.join(', ')}`;
