import { servingSettingsSchema } from '@tidemark/domain/definition/serving-settings.schema.ts';
import { describe, expect, it } from 'vitest';

describe('deployment', () => {
  it('is serverless unless the definition says otherwise, so that an idle model costs nothing', () => {
    expect(servingSettingsSchema.parse(undefined)).toMatchObject({ kind: 'serverless' });
  });

  it('becomes an instance with one line', () => {
    expect(servingSettingsSchema.parse({ kind: 'instance' })).toEqual({
      kind: 'instance',
      instance: 'ml.m5.large',
      count: 1,
      traffic: 'all-at-once',
      stepPercent: 25,
      waitSeconds: 300,
      rollbackWhen: { serverErrorPercent: 1, latencyMilliseconds: 1000 },
    });
  });

  it.each([
    {
      what: 'traffic steps on serverless, which SageMaker has none for',
      deployment: { kind: 'serverless', traffic: 'canary' },
      problem: /Unrecognized key: "traffic"/,
    },
    {
      what: 'a canary of one instance',
      deployment: { kind: 'instance', traffic: 'canary' },
      problem: /must be 2 or more for canary or linear traffic/,
    },
    {
      what: 'linear steps of one instance',
      deployment: { kind: 'instance', traffic: 'linear', count: 1 },
      problem: /must be 2 or more for canary or linear traffic/,
    },
    {
      what: 'a canary on Inferentia 1, for which SageMaker falls back to all at once',
      deployment: { kind: 'instance', instance: 'ml.inf1.xlarge', count: 2, traffic: 'canary' },
      problem: /must be all-at-once on ml\.inf1/,
    },
    {
      what: 'steps that last longer than an update may',
      deployment: { kind: 'instance', count: 2, traffic: 'linear', stepPercent: 10, waitSeconds: 2291 },
      problem: /all steps together may wait 7 hours/,
    },
    {
      what: 'an instance setting on serverless',
      deployment: { kind: 'serverless', count: 2 },
      problem: /Unrecognized key: "count"/,
    },
  ])('refuses $what', ({ deployment, problem }) => {
    const result = servingSettingsSchema.safeParse(deployment);

    expect(result.error?.issues.map(({ message }) => message).join()).toMatch(problem);
  });

  it('takes the longest traffic shift that fits', () => {
    const longest = { kind: 'instance', count: 2, traffic: 'linear', stepPercent: 10, waitSeconds: 2290 };

    expect(servingSettingsSchema.safeParse(longest).success).toBe(true);
  });
});
