import { domainEvent, eventIdOf } from '@tidemark/domain/events/domain-event.ts';
import { domainEventSchema, domainEventSchemas } from '@tidemark/domain/events/domain-events.schema.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const facts = { model: 'churn', causeId: 'cause', message: 'Done.', definitionHash: 'h', created: true };
const now = new Date('2026-03-01T12:00:00.000Z');

describe('a domain event', () => {
  it('says who, when, why and what, in a version', () => {
    expect(domainEvent('model.onboarded', facts, now)).toEqual({
      type: 'model.onboarded',
      detail: {
        schemaVersion: 1,
        eventId: eventIdOf('model.onboarded', 'churn', 'cause'),
        time: '2026-03-01T12:00:00.000Z',
        ...facts,
      },
    });
  });

  it('is the same event when it is told again later', () => {
    const again = domainEvent('model.onboarded', { ...facts, message: 'Again.' }, new Date(0));

    expect(again.detail.eventId).toBe(domainEvent('model.onboarded', facts, now).detail.eventId);
  });

  it.each([
    ['type', eventIdOf('definition.rejected', 'churn', 'cause')],
    ['model', eventIdOf('model.onboarded', 'churn-2', 'cause')],
    ['cause', eventIdOf('model.onboarded', 'churn', 'other')],
    ['division of the same letters', eventIdOf('model.onboarded', 'chur', 'ncause')],
  ])('is another event for another %s', (_, other) => {
    expect(eventIdOf('model.onboarded', 'churn', 'cause')).not.toBe(other);
  });

  it('cannot be made from facts that do not fit its type', () => {
    expect(() => domainEvent('model.onboarded', { ...facts, message: '' }, now)).toThrow(/message/);
  });

  it('has a message of one line without characters that steer a terminal, whatever was put into it', () => {
    const message = 'incoming/churn/a\n# Approved by admin\r\n\u001b[31m\u202eb';

    expect(domainEvent('model.onboarded', { ...facts, message }, now).detail.message).toBe(
      'incoming/churn/a # Approved by admin \\u001b[31m\\u202eb',
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const told = domainEvent('model.onboarded', { ...facts, message: `a${text}` }, now).detail.message;

        expect(told).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
  });

  it('can be read back, whatever its type', () => {
    const readable = domainEventSchema.options.map((option) => option.shape.type.value);

    expect(readable.toSorted()).toEqual(Object.keys(domainEventSchemas).toSorted());
  });
});
