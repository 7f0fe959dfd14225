import { domainEvent } from '@tidemark/domain/events/domain-event.ts';
import { alarmName, modelName } from '@tidemark/domain/names.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deliveryOf, retrainRequestSchema } from '../../functions/retrain/retrain-request.schema.ts';

/** As CloudWatch sends it, with fields that nobody reads. */
const alarmEvent = (name: string, more: object = {}) => ({
  version: '0',
  id: 'event-1',
  source: 'aws.cloudwatch',
  'detail-type': 'CloudWatch Alarm State Change',
  detail: {
    alarmName: name,
    state: { value: 'ALARM', reason: 'Threshold Crossed', timestamp: '2026-01-01T00:00:00.000+0000' },
    previousState: { value: 'OK' },
    configuration: { metrics: [] },
    ...more,
  },
});

describe('a request is read from', () => {
  it('the event of a model’s alarm, with CloudWatch’s spelling of times', () => {
    expect(retrainRequestSchema.parse(alarmEvent('tidemark-dev-model-flight-delay-quality'))).toEqual({
      by: 'alarm',
      kind: 'quality',
      model: 'flight-delay',
      alarmedAt: '2026-01-01T00:00:00.000Z',
      eventId: 'event-1',
    });
  });

  it('the alarm’s name, whatever the model is called, -drift itself among it', () => {
    const letters = fc.stringMatching(/^[a-z][a-z0-9]{0,8}(-(drift|quality|[a-z0-9]{1,6})){0,2}$/);
    const model = letters.filter((name) => modelName.safeParse(name).success);
    fc.assert(
      fc.property(model, fc.constantFrom('drift' as const, 'quality' as const), (name, kind) => {
        const request = retrainRequestSchema.parse(alarmEvent(alarmName('dev', name, kind)));
        expect(request).toMatchObject({ model: name, kind });
      }),
    );
  });

  it('the event of a further window', () => {
    const facts = {
      model: 'flight-delay',
      causeId: 'window-2',
      message: 'It goes on.',
      version: 3,
      episodeId: 'quality-3-1',
      windowId: '20260301T000000Z',
      reportKey: 'report.json',
      metric: 'auc',
    };
    const { type, detail } = domainEvent('quality.continued', facts, new Date());

    expect(retrainRequestSchema.parse({ 'detail-type': type, detail })).toEqual({
      by: 'window',
      kind: 'quality',
      model: 'flight-delay',
      episodeId: 'quality-3-1',
      windowId: '20260301T000000Z',
      eventId: detail.eventId,
    });
  });

  it('a schedule, and what a person types', () => {
    const scheduledTime = '2026-03-01T04:00:00Z';

    expect(retrainRequestSchema.parse({ model: 'flight-delay', trigger: 'schedule', scheduledTime })).toEqual(
      { by: 'schedule', model: 'flight-delay', scheduledTime },
    );
    expect(retrainRequestSchema.parse({ model: 'flight-delay' })).toEqual({
      by: 'person',
      model: 'flight-delay',
    });
  });

  it.each([
    [
      'an alarm that is over',
      alarmEvent('tidemark-dev-a1-drift', { state: { value: 'OK', timestamp: 'x' } }),
    ],
    ['somebody else’s alarm', alarmEvent('cpu-high')],
    ['an alarm of a deployment', alarmEvent('tidemark-dev-flight-delay-v3-0123-errors')],
    ['a name that is none', { model: 'Flight' }],
    ['a slip of the pen', { model: 'flight-delay', triger: 'schedule' }],
    ['nothing', null],
  ])('no %s', (_, input) => {
    expect(retrainRequestSchema.safeParse(input).success).toBe(false);
  });
});

describe('what is delivered twice', () => {
  it('is known by the event or the tick, and a person means it each time', () => {
    const parse = (input: unknown) => deliveryOf(retrainRequestSchema.parse(input));
    const tick = (scheduledTime: string) => ({ model: 'flight-delay', trigger: 'schedule', scheduledTime });

    expect(parse(alarmEvent('tidemark-dev-model-flight-delay-drift'))).toEqual({
      kind: 'claimed',
      key: 'event:event-1',
    });
    expect(parse(tick('2026-03-01T04:00:00Z'))).not.toEqual(parse(tick('2026-03-02T04:00:00Z')));
    expect(parse({ model: 'flight-delay' })).toEqual({ kind: 'meant-each-time' });
  });
});
