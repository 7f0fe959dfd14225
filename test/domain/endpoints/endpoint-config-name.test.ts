import { endpointConfigName, versionOfConfig } from '@tidemark/domain/endpoints/endpoint-config-name.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('the name of an endpoint configuration', () => {
  it('tells the version, for any model and any content', () => {
    const model = fc.stringMatching(/^[a-z][a-z0-9]{0,8}(-v?[0-9]{1,3})?(-[0-9a-f]{6})?$/);
    const hash = fc.stringMatching(/^[0-9a-f]{6}$/);

    fc.assert(
      fc.property(model, fc.integer({ min: 1, max: 9999 }), hash, (model, version, hash) => {
        expect(versionOfConfig(endpointConfigName('dev', model, version, hash))).toBe(version);
      }),
    );
  });

  it('fits SageMaker, or says what to do', () => {
    expect(() => endpointConfigName('prod1234', 'a'.repeat(31), 123_456, '012345')).toThrow(
      /has 64 characters and SageMaker takes 63\. Onboard the model under a shorter name/,
    );
  });

  it.each(['somebody-elses', 'tidemark-dev-flight-delay-v3', 'tidemark-dev-flight-delay-vx-012345'])(
    '%s is none of ours',
    (name) => expect(versionOfConfig(name)).toBeNull(),
  );
});
