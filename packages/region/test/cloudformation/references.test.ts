import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CircularReferenceError, creationOrder, referencedNames } from '../../cloudformation/references.ts';
import { resourceSchema } from '../../cloudformation/template.schema.ts';

const resource = (Properties: Record<string, unknown>, DependsOn: string[] = []) =>
  resourceSchema.parse({ Type: 'AWS::Imagined::Thing', Properties, DependsOn });

describe('referencedNames', () => {
  it.each([
    [{ Ref: 'A' }, ['A']],
    [{ 'Fn::GetAtt': ['A', 'Arn'] }, ['A']],
    [{ 'Fn::GetAtt': 'A.Arn' }, ['A']],
    [{ 'Fn::Sub': 'x ${A} ${B.Arn} ${!C}' }, ['A', 'B']],
    [{ 'Fn::Sub': ['${A} ${V}', { V: { Ref: 'B' } }] }, ['A', 'B']],
    [{ 'Fn::If': ['Condition', { Ref: 'A' }, { Ref: 'B' }] }, ['A', 'B']],
    [{ deep: [{ er: { 'Fn::Join': ['', ['x', { Ref: 'A' }]] } }] }, ['A']],
    ['A', []],
  ])('of %j are %j', (value, expected) => {
    expect(referencedNames(value)).toEqual(expected);
  });
});

describe('creationOrder', () => {
  it('puts a resource after those it refers to and those it depends on', () => {
    const order = creationOrder({
      Function: resource({ Role: { 'Fn::GetAtt': ['Role', 'Arn'] } }, ['Policy']),
      Policy: resource({ Roles: [{ Ref: 'Role' }] }),
      Role: resource({}),
    });

    expect(order).toEqual(['Role', 'Policy', 'Function']);
  });

  it('names a cycle', () => {
    const circular = () =>
      creationOrder({
        Before: resource({ X: { Ref: 'A' } }),
        A: resource({ X: { Ref: 'B' } }),
        B: resource({ X: { 'Fn::Sub': '${A.Arn}' } }),
      });

    expect(circular).toThrow(CircularReferenceError);
    expect(circular).toThrow('A → B → A');
  });

  it('respects every reference, whatever the order in the template', () => {
    // Each resource may refer to those with a lower number only, so there is no cycle; the template is shuffled.
    const graphs = fc
      .integer({ min: 1, max: 12 })
      .chain((size) =>
        fc.tuple(
          fc.array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: size, maxLength: size }),
          fc.shuffledSubarray([...Array(size).keys()], { minLength: size, maxLength: size }),
        ),
      );
    fc.assert(
      fc.property(graphs, ([references, shuffled]) => {
        const targets = (id: number) => (id === 0 ? [] : (references[id] ?? []).map((n) => `R${n % id}`));
        const resources = Object.fromEntries(
          shuffled.map((id) => [`R${id}`, resource({ X: targets(id).map((Ref) => ({ Ref })) })]),
        );

        const order = creationOrder(resources);

        expect([...order].sort()).toEqual(Object.keys(resources).sort());
        for (const id of shuffled) {
          for (const target of targets(id)) {
            expect(order.indexOf(target)).toBeLessThan(order.indexOf(`R${id}`));
          }
        }
      }),
    );
  });
});
