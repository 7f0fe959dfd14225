import type { App } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { everything, synthesise } from '../support/templates.ts';
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

function exceptionFor(finding: string, title: string) {
  const [rule = '', path = ''] = finding.split(' at ');
  return nagExceptions.find(
    (exception) =>
      exception.rule.test(rule) &&
      exception.at.test(path) &&
      (exception.onlyIf === undefined || title === withEverything),
  );
}

const withEverything = 'with everything that can be asked for';
const configurations = {
  'by default': {},
  // The exceptions name the stage.
  [withEverything]: { ...everything, stage: 'dev' },
};

describe('cdk-nag', () => {
  const found = new Map(
    Object.entries(configurations).map(([title, configuration]) => [
      title,
      findings(synthesise(configuration).app),
    ]),
  );

  it.each(Object.keys(configurations))('finds nothing %s that has no reason', (title) => {
    expect(found.get(title)?.filter((finding) => !exceptionFor(finding, title))).toEqual([]);
  });

  it('has no exception that excuses nothing', () => {
    const used = new Set(
      [...found].flatMap(([title, findings]) => findings.map((finding) => exceptionFor(finding, title))),
    );

    expect(nagExceptions.filter((exception) => !used.has(exception))).toEqual([]);
  });
});
