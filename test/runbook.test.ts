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

const { store, workflows } = synthesise({ stage: 'dev' });
const templates = [store, workflows];
const resourcesOf = (type: string) =>
  templates.flatMap((template) => Object.entries(template.findResources(type)));
const alarms = resourcesOf('AWS::CloudWatch::Alarm').map(([, { Properties }]) =>
  String(Properties?.AlarmDescription),
);

/** What the stacks and the resources with a name of their own are called. */
const names = [
  ...['tidemark-dev-store', 'tidemark-dev-workflows'],
  ...(
    [
      ['AWS::StepFunctions::StateMachine', 'StateMachineName'],
      ['AWS::Lambda::Function', 'FunctionName'],
      ['AWS::SQS::Queue', 'QueueName'],
      ['AWS::SNS::Topic', 'TopicName'],
      ['AWS::Scheduler::ScheduleGroup', 'Name'],
    ] as const
  ).flatMap(([type, property]) => resourcesOf(type).map(([, { Properties }]) => Properties?.[property])),
];

/** What a text says in the groups of a pattern, wherever it matches; never nothing, as nothing would be tested then. */
function mentions(pattern: RegExp): string[] {
  const found = [...runbook.matchAll(pattern)].map((groups) => groups.slice(1).find((group) => group) ?? '');
  expect(found).not.toEqual([]);
  return found;
}

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

  it('names machines, stacks, functions, queues, topics and groups that are there', () => {
    const machines = mentions(/\bworkflow ([\w-]+)\)/g).map((name) => `tidemark-dev-${name}`);
    const machineNames = resourcesOf('AWS::StepFunctions::StateMachine').map(
      ([, { Properties }]) => Properties?.StateMachineName,
    );
    // Endpoints and alarms of models are in no template.
    const others = mentions(/\btidemark-(?:\$STAGE|<stage>)((?!-\$1|-model-|-flight-delay)-[\w-]+)?/g);

    expect(machines.filter((name) => !machineNames.includes(name))).toEqual([]);
    expect(others.map((end) => `tidemark-dev${end}`).filter((name) => !names.includes(name))).toEqual([]);
  });

  it('asks for outputs and log groups that are there', () => {
    const outputs = templates.flatMap((template) => Object.keys(template.findOutputs('*')));
    const logGroups = resourcesOf('AWS::Logs::LogGroup').map(([logicalId]) => logicalId);

    expect(
      mentions(/OutputKey=='(\w+)'|\boutput `(\w+)`/g).filter((name) => !outputs.includes(name)),
    ).toEqual([]);
    for (const part of mentions(/contains\(logGroupName,'(\w+)'\)/g)) {
      expect(logGroups.filter((logicalId) => logicalId.includes(part))).toHaveLength(1);
    }
  });

  it('repairs what was changed outside CDK with the one command that does so', () => {
    const commands = [...runbook.matchAll(/cdk deploy[^\n`]*/g)].map(([command]) => command);

    expect(commands.length).toBeGreaterThan(0);
    for (const command of commands) expect(command).toContain('--revert-drift');
    // Of a version or model it means the workflow; of a stack it would leave everything as it is.
    expect(runbook).not.toMatch(/deploy(ing)? again,? (which restores|redrive|then start)/i);
  });
});
