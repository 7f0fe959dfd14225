import { describe, expect, test } from 'vitest';
import type { AwsEvent } from '../../../../gateway/service.ts';
import { assertTargetInput, targetInput } from '../../../../services/events/input/target-input.ts';

const event: AwsEvent = {
  version: '0',
  id: 'e-1',
  'detail-type': 'Object Created',
  source: 'aws.s3',
  account: '000000000000',
  time: '2026-01-01T00:00:00Z',
  region: 'eu-west-1',
  resources: ['arn:aws:s3:::data'],
  detail: {
    object: { key: 'a "quoted" key', size: 5, 'version-id': 'v1' },
    flag: true,
    nothing: null,
    list: [1, 'two'],
  },
};
const context = { ruleArn: 'arn:rule', ruleName: 'rule', ingestionTime: '2026-01-01T00:00:01.000Z' };
const target = { Id: 't', Arn: 'arn:aws:lambda:eu-west-1:000000000000:function:f' };

const inputOf = (settings: object): unknown =>
  JSON.parse(targetInput({ ...target, ...settings }, event, context));
const transformed = (InputTemplate: string, InputPathsMap: Record<string, string> = {}) =>
  inputOf({ InputTransformer: { InputTemplate, InputPathsMap } });

/** A template of the recordings, filled from their event. */
const recorded = (InputTemplate: string): string =>
  targetInput(
    {
      ...target,
      InputTransformer: {
        InputTemplate,
        InputPathsMap: {
          payload: '$.detail.payload',
          single: '$.detail.single',
          multi: '$.detail.multi',
          valid: '$.detail.valid',
          nothing: '$.detail.nothing.there',
        },
      },
    },
    {
      ...event,
      detail: {
        payload: { acc_id: '0a787ecb-4015', sf_id: 'baz' },
        single: ['HIGH'],
        multi: ['ACTIVE', 'INACTIVE'],
        valid: true,
      },
    },
    context,
  );

test('a target without input settings gets the event', () => {
  expect(inputOf({})).toEqual(event);
});

test('Input is delivered as it is', () => {
  expect(inputOf({ Input: '{"constant":1}' })).toEqual({ constant: 1 });
});

test('InputPath delivers a part of the event', () => {
  expect(inputOf({ InputPath: '$.detail.object.version-id' })).toBe('v1');
  expect(inputOf({ InputPath: '$' })).toEqual(event);
});

test('InputPath to nothing is an error', () => {
  expect(() => inputOf({ InputPath: '$.detail.missing' })).toThrow('nothing at the target');
});

describe('a template', () => {
  test.each([
    ['keeps the JSON type of a variable', '{"size":<x>}', '$.detail.object.size', { size: 5 }],
    ['puts text in quotation marks', '{"key":<x>}', '$.detail.object.key', { key: 'a "quoted" key' }],
    [
      'takes text between quotation marks',
      '{"key":"s3://<x>"}',
      '$.detail.object.key',
      { key: 's3://a "quoted" key' },
    ],
    ['takes numbers between quotation marks', '{"t":"<x> bytes"}', '$.detail.object.size', { t: '5 bytes' }],
    ['can be a text', '"size <x>"', '$.detail.object.size', 'size 5'],
    [
      'keeps objects',
      '{"object":<x>}',
      '$.detail.object',
      { object: { key: 'a "quoted" key', size: 5, 'version-id': 'v1' } },
    ],
    ['keeps lists', '[<x>, 0]', '$.detail.list', [[1, 'two'], 0]],
    ['keeps booleans', '{"flag":<x>}', '$.detail.flag', { flag: true }],
    [
      'has empty text for a path that leads nowhere',
      '{"a":<x>,"b":"(<x>)"}',
      '$.detail.no.such',
      { a: '', b: '()' },
    ],
    [
      'tells escaped quotation marks from others',
      '{"a":"\\"<x>\\"","b":<x>}',
      '$.detail.object.size',
      { a: '"5"', b: 5 },
    ],
  ])('%s', (_title, template, path, expected) => {
    expect(transformed(template, { x: path })).toEqual(expected);
  });

  test('knows the rule, the time and the event', () => {
    const { detail: _, 'detail-type': detailType, ...others } = event;

    expect(
      transformed(
        '{"rule":"<aws.events.rule-arn>","name":<aws.events.rule-name>,"at":<aws.events.event.ingestion-time>,"event":<aws.events.event.json>,"bare":<aws.events.event>}',
      ),
    ).toEqual({
      rule: 'arn:rule',
      name: 'rule',
      at: context.ingestionTime,
      event,
      bare: { ...others, detailType },
    });
  });

  // Recorded on AWS by LocalStack (8b9a79f): test_events_inputs.py::test_input_transformer_nested_keys_replacement, 13 December 2024.
  test.each([
    ['"<payload> payload"', '{acc_id:0a787ecb-4015,sf_id:baz} payload'],
    ['"<single> single list item"', '[HIGH] single list item'],
    ['"<multi> multiple list items"', '[ACTIVE,INACTIVE] multiple list items'],
    ['"<nothing> system account id"', ' system account id'],
    ['"Command is <valid>!"', 'Command is true!'],
  ])('that is a text, such as %s, has objects and lists without their quotation marks', (template, text) => {
    expect(recorded(template)).toBe(JSON.stringify(text));
  });

  test('of several lines of texts is filled line by line', () => {
    expect(recorded('"<single> item"\n"<payload> payload"')).toBe(
      '"[HIGH] item"\n"{acc_id:0a787ecb-4015,sf_id:baz} payload"',
    );
  });

  test.each(['{"a":"<single>"}', '{"a":"<single>","b":"<multi>"}', '<single> single list item'])(
    'that AWS does not deliver, such as %s, is an error',
    (template) => {
      expect(() => recorded(template)).toThrow(SyntaxError);
    },
  );

  test('is an error if an object would stand between quotation marks', () => {
    expect(() => transformed('{"a":"<x>"}', { x: '$.detail.object' })).toThrow(SyntaxError);
  });
});

describe('settings are refused', () => {
  test.each([
    ['Input that is not JSON', { Input: '{' }, 'JSON'],
    ['Input beside InputPath', { Input: '{}', InputPath: '$' }, 'only one of'],
    ['a path with brackets', { InputPath: '$.resources[0]' }, 'not a path'],
    ['a path without dollar', { InputPath: 'detail' }, 'not a path'],
    ['an undefined variable', { InputTransformer: { InputTemplate: '<x>' } }, '<x>'],
    [
      'a variable named AWS',
      { InputTransformer: { InputTemplate: '1', InputPathsMap: { AWSx: '$' } } },
      'AWSx',
    ],
    [
      'more than 100 variables',
      {
        InputTransformer: {
          InputTemplate: '1',
          InputPathsMap: Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`v${index}`, '$'])),
        },
      },
      '100 input paths',
    ],
  ])('for %s', (_title, settings, message) => {
    expect(() => assertTargetInput({ ...target, ...settings })).toThrow(message);
  });
});
