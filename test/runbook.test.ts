import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { alarmHeadings } from '../functions/onboard/monitoring-plan.ts';
import { synthesise } from './support/templates.ts';

const runbook = readFileSync('docs/runbook.md', 'utf8');
/** Each section with its heading. */
const sections = runbook
  .split(/^## /m)
  .slice(1)
  .map((section) => ({ heading: section.split('\n', 1)[0] ?? '', section }));

const { store, workflows } = synthesise();
const alarms = [store, workflows]
  .flatMap((template) => Object.values(template.findResources('AWS::CloudWatch::Alarm')))
  .map(({ Properties }) => String(Properties?.AlarmDescription));

describe('the runbook', () => {
  it('has one section for each alarm, and none for what is no alarm', () => {
    const named = alarms.map((description) => /^(.+?)\. See docs\/runbook\.md\.$/.exec(description)?.[1]);

    // Those of models are made when they are onboarded, and name the model after the heading.
    const ofModels = Object.values(alarmHeadings);
    expect(sections.map(({ heading }) => heading).sort()).toEqual([...named, ...ofModels].sort());
  });

  it.each(sections)('says of "$heading" what it is, how to look into it and how to end it', ({ section }) => {
    const parts = [...section.matchAll(/^\*\*(\w+)\.\*\*/gm)].map(([, part]) => part);

    expect(parts).toEqual(['Description', 'Investigation', 'Resolution']);
  });

  it('repairs what was changed outside CDK with the one command that does so', () => {
    const commands = [...runbook.matchAll(/cdk deploy[^\n`]*/g)].map(([command]) => command);

    expect(commands.length).toBeGreaterThan(0);
    for (const command of commands) expect(command).toContain('--revert-drift');
    // Of a version or model it means the workflow; of a stack it would leave everything as it is.
    expect(runbook).not.toMatch(/deploy(ing)? again,? (which restores|redrive|then start)/i);
  });
});
