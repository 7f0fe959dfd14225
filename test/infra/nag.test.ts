import type { App } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { synthesise } from '../support/templates.ts';
import { nagExceptions } from './nag-exceptions.ts';

/** In a test and not in `cdk synth`, which it would slow by a second and a half at every start of the local region. */
function findings(app: App): string[] {
  const reports = [new AwsSolutionsChecks(), new ServerlessChecks()].map((pack) => pack.validateScope(app));
  return reports.flatMap(({ violations }) =>
    violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
    ),
  );
}

function exceptionFor(finding: string) {
  const [rule = '', path = ''] = finding.split(' at ');
  return nagExceptions.find((exception) => exception.rule.test(rule) && exception.at.test(path));
}

const configurations = {
  'by default': {},
  'with everything that can be asked for': {
    encryption: 'customer',
    vpc: { subnetIds: ['subnet-1'], securityGroupIds: ['sg-1'] },
    alarmEmail: 'oncall@example.com',
    removalPolicy: 'destroy',
  },
};

describe('cdk-nag', () => {
  const found = new Map(
    Object.entries(configurations).map(([title, configuration]) => [
      title,
      findings(synthesise(configuration).app),
    ]),
  );

  it.each(Object.keys(configurations))('finds nothing %s that has no reason', (title) => {
    expect(found.get(title)?.filter((finding) => !exceptionFor(finding))).toEqual([]);
  });

  it('has no exception that excuses nothing', () => {
    const used = new Set([...found.values()].flat().map(exceptionFor));

    expect(nagExceptions.filter((exception) => !used.has(exception))).toEqual([]);
  });
});
