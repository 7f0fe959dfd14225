import { describe, expect, it } from 'vitest';
import type { MachineDefinition } from '../../states/machine-definition.schema.ts';
import { type Finding, obstacles, validateStateMachine } from '../../states/validate.ts';

const pass = { Type: 'Pass', End: true };
const task = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: 'f' },
  TimeoutSeconds: 60,
  Retry: [{ ErrorEquals: ['Lambda.TooManyRequestsException'] }],
  Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Z' }],
  End: true,
};
const machine = (States: object, fields: object = {}) => ({
  Comment: 'A machine.',
  QueryLanguage: 'JSONata',
  TimeoutSeconds: 600,
  StartAt: 'A',
  States,
  ...fields,
});
const findingsOf = (definition: unknown) =>
  validateStateMachine(definition).map(({ kind, location, message }) => `${kind} ${location}: ${message}`);

describe('a sound machine', () => {
  it('has no findings', () => {
    const sound = machine({
      A: { Type: 'Pass', Assign: { rows: '{% [$states.input.rows] %}' }, Next: 'Task' },
      Task: {
        ...task,
        End: undefined,
        Next: 'Each',
        Assign: { answer: "{% $states.result.Payload.parts[kind = 'x' and $.n > 1].($string(n) & kind) %}" },
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Z', Output: '{% $states.errorOutput.Cause %}' }],
      },
      Each: {
        Type: 'Map',
        Items: '{% $rows %}',
        ItemSelector: { item: '{% $states.context.Map.Item.Value %}', size: '{% $count($rows) %}' },
        ItemProcessor: {
          ProcessorConfig: { Mode: 'INLINE' },
          StartAt: 'Inner',
          States: { Inner: { Type: 'Pass', Assign: { own: '{% $answer %}' }, End: true } },
        },
        Output: '{% $map($states.result, function($r, $i) { $r & $string($i) }) ~> $join %}',
        Next: 'Token',
      },
      Token: {
        ...task,
        Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
        Arguments: { Payload: '{% {"token": $states.context.Task.Token} %}' },
      },
      Z: { Type: 'Succeed', Output: '{% ($x := $states.input; $x.$uppercase(name)) %}' },
    });

    expect(findingsOf(JSON.parse(JSON.stringify(sound)))).toEqual([]);
  });
});

describe('what is wrong with a machine', () => {
  it.each([
    {
      why: 'JSONPath',
      definition: machine({ A: pass }, { QueryLanguage: 'JSONPath' }),
      finds: ['invalid /QueryLanguage'],
    },
    {
      why: 'no query language',
      definition: { StartAt: 'A', States: { A: pass } },
      finds: ["invalid /QueryLanguage: must be 'JSONata'"],
    },
    {
      why: 'a field of JSONPath states',
      definition: machine({ A: { ...pass, InputPath: '$.x', Result: 1 } }),
      finds: [
        "invalid /States/A: 'InputPath' is a field of JSONPath",
        "invalid /States/A: 'Result' is a field of JSONPath",
      ],
    },
    {
      why: 'an unknown field',
      definition: machine({ A: { ...pass, Arguments: {} } }),
      finds: ["invalid /States/A: 'Arguments' is no field of this kind of state"],
    },
    {
      why: 'a field of the wrong type',
      definition: machine({ A: { ...task, TimeoutSeconds: '60' }, Z: pass }),
      finds: [
        'invalid /States/A/TimeoutSeconds: must be a whole number from 1 to 99999999, or a JSONata expression',
      ],
    },
    {
      why: 'a start that is no state',
      definition: machine({ A: pass }, { StartAt: 'B' }),
      finds: [
        "invalid /StartAt: There is no state 'B'",
        'No transition leads to this state',
        'No reachable state ends',
      ],
    },
    {
      why: 'a transition to nowhere',
      definition: machine({ A: { Type: 'Pass', Next: 'B' } }),
      finds: ["invalid /States/A/Next: There is no state 'B'", 'No reachable state ends'],
    },
    {
      why: 'an unreachable state',
      definition: machine({ A: pass, B: pass }),
      finds: ['invalid /States/B: No transition leads to this state'],
    },
    {
      why: 'neither next nor end',
      definition: machine({ A: { Type: 'Pass' } }),
      finds: ['No reachable state ends', "invalid /States/A: The state needs either 'Next'"],
    },
    {
      why: 'both next and end',
      definition: machine({ A: { ...pass, Next: 'B' }, B: pass }),
      finds: ["invalid /States/A: The state needs either 'Next'"],
    },
    {
      why: 'a loop without an end',
      definition: machine({ A: { Type: 'Pass', Next: 'A' } }),
      finds: ['No reachable state ends these states'],
    },
    {
      why: 'the same name in a branch',
      definition: machine({
        A: { Type: 'Parallel', Branches: [{ StartAt: 'A', States: { A: pass } }], End: true },
      }),
      finds: ["invalid /States/A/Branches[0]/States/A: Another state is called 'A' too"],
    },
    {
      why: 'a Wait without a time',
      definition: machine({ A: { Type: 'Wait', End: true } }),
      finds: ["either 'Seconds' or 'Timestamp'"],
    },
    {
      why: 'States.ALL in company',
      definition: machine({
        A: { ...task, Retry: [{ ErrorEquals: ['States.ALL', 'Lambda.TooManyRequestsException'] }] },
        Z: pass,
      }),
      finds: ["invalid /States/A/Retry[0]/ErrorEquals: 'States.ALL' must stand alone"],
    },
    {
      why: 'States.ALL before another catcher',
      definition: machine({
        A: {
          ...task,
          Catch: [
            { ErrorEquals: ['States.ALL'], Next: 'Z' },
            { ErrorEquals: ['E'], Next: 'Z' },
          ],
        },
        Z: pass,
      }),
      finds: ["invalid /States/A/Catch[0]/ErrorEquals: 'States.ALL' must stand alone"],
    },
    {
      why: 'an inner state that assigns an outer variable',
      definition: machine({
        A: { Type: 'Pass', Assign: { x: 1 }, Next: 'B' },
        B: {
          Type: 'Map',
          ItemProcessor: { StartAt: 'C', States: { C: { ...pass, Assign: { x: 2 } } } },
          End: true,
        },
      }),
      finds: ["invalid /States/B/ItemProcessor/States: 'x' is a variable of an outer scope"],
    },
    {
      why: 'an expression that does not parse',
      definition: machine({ A: { ...pass, Output: '{% $states.input.( %}' } }),
      finds: ['invalid /States/A/Output: The JSONata does not parse'],
    },
    {
      why: 'an unknown variable',
      definition: machine({ A: { ...pass, Output: '{% $nobody %}' } }),
      finds: ["'$nobody' is neither a function nor a variable"],
    },
    {
      why: 'an unknown function',
      definition: machine({ A: { ...pass, Output: '{% $randomSeeded(1) %}' } }),
      finds: ["'$randomSeeded' is neither"],
    },
    {
      why: '$eval',
      definition: machine({ A: { ...pass, Output: "{% $eval('1') %}" } }),
      finds: ["'$eval' is neither"],
    },
    {
      why: 'a variable of an inner scope, outside',
      definition: machine({
        A: {
          Type: 'Map',
          ItemProcessor: { StartAt: 'C', States: { C: { ...pass, Assign: { own: 2 } } } },
          Next: 'B',
        },
        B: { ...pass, Output: '{% $own %}' },
      }),
      finds: ["invalid /States/B/Output: '$own' is neither"],
    },
    {
      why: 'a bare name',
      definition: machine({ A: { ...pass, Output: '{% input.x %}' } }),
      finds: ["'input' stands alone"],
    },
    {
      why: 'a bare name in a lambda',
      definition: machine({ A: { ...pass, Output: '{% $map([1], function($v) { rows }) %}' } }),
      finds: ["'rows' stands alone"],
    },
    {
      why: '$ without a context',
      definition: machine({ A: { ...pass, Output: '{% $.x %}' } }),
      finds: ["'$' has no value"],
    },
    {
      why: '$$',
      definition: machine({ A: { ...pass, Output: '{% $states.input[$$.x] %}' } }),
      finds: ["'$$' has no value"],
    },
    {
      why: 'a result where there is none',
      definition: machine({ A: { ...pass, Output: '{% $states.result %}' } }),
      finds: ["'$states.result' does not exist in this field"],
    },
    {
      why: "a task's result in its arguments",
      definition: machine({ A: { ...task, Arguments: { a: '{% $states.result %}' } }, Z: pass }),
      finds: ["invalid /States/A/Arguments/a: '$states.result' does not exist"],
    },
    {
      why: 'an error output outside a catcher',
      definition: machine({ A: { ...task, Output: '{% $states.errorOutput %}' }, Z: pass }),
      finds: ["'$states.errorOutput' does not exist"],
    },
    {
      why: 'a token of a task that does not wait for it',
      definition: machine({ A: { ...task, Arguments: { a: '{% $states.context.Task.Token %}' } }, Z: pass }),
      finds: ['A task token exists only in'],
    },
    {
      why: 'a bare Lambda resource',
      definition: machine({
        A: { ...task, Resource: 'arn:aws:lambda:eu-west-1:111122223333:function:f' },
        Z: pass,
      }),
      finds: ['unsupported /States/A/Resource: The local region does not support the task resource'],
    },
    // Recorded on AWS by LocalStack (8b9a79f): test_dynamodb_task_service.py::test_invalid_integration.
    ...[
      'dynamodb:query',
      'nosuch:thing',
      'lambda:invoke.sync',
      'sagemaker:createModel.sync',
      'aws-sdk:nosuch:act',
    ].map((resource) => ({
      why: `the resource ${resource}, which does not exist`,
      definition: machine({ A: { ...task, Resource: `arn:aws:states:::${resource}` }, Z: pass }),
      finds: ['unsupported /States/A/Resource: The '],
    })),
    // Recorded likewise: base/test_wait.py::test_wait_timestamp_invalid.
    ...['2016-12-05 21:29:29Z', '2016-12-05T21:29:29', '2016-13-05T21:29:29Z', '21:29:29Z', ''].map(
      (Timestamp) => ({
        why: `the timestamp '${Timestamp}' to wait for`,
        definition: machine({ A: { Type: 'Wait', Timestamp, Next: 'Z' }, Z: pass }),
        finds: ['invalid /States/A/Timestamp: String does not match RFC3339 timestamp'],
      }),
    ),
    {
      why: 'half an expression',
      definition: machine({ A: { ...pass, Output: { x: '{% 1 % }' } } }),
      finds: ['advice /States/A/Output/x: looks like an expression and is none'],
    },
  ])('$why', ({ definition, finds }) => {
    const findings = findingsOf(JSON.parse(JSON.stringify(definition)));

    expect(findings).toHaveLength(finds.length);
    for (const [index, part] of finds.entries()) expect(findings[index]).toContain(part);
  });
});

describe('further checks', () => {
  const unnamed = (definition: MachineDefinition): Finding[] =>
    definition.Comment === 'A machine.'
      ? [{ kind: 'advice', location: '/Comment', message: 'Say which machine.' }]
      : [];

  it('add their findings to those of a sound machine', () => {
    expect(validateStateMachine(machine({ A: pass }), [unnamed])).toEqual([
      { kind: 'advice', location: '/Comment', message: 'Say which machine.' },
    ]);
    expect(findingsOf(machine({ A: pass }))).toEqual([]);
  });

  it('are not asked about a malformed machine', () => {
    const findings = validateStateMachine(machine({ A: { ...pass, Result: 1 } }), [unnamed]);

    expect(findings.map(({ kind }) => kind)).toEqual(['invalid']);
  });

  it('do not keep a machine from being created', () => {
    expect(obstacles(validateStateMachine(machine({ A: pass }), [unnamed]))).toEqual([]);
  });
});
