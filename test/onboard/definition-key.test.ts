import { describe, expect, it } from 'vitest';
import { parseDefinitionKey } from '../../functions/onboard/definition-key.ts';

describe('the key of a definition', () => {
  it('names the model', () => {
    expect(parseDefinitionKey('definitions/flight-delay.yaml')).toEqual({
      kind: 'definition',
      model: 'flight-delay',
    });
  });

  it.each(['definitions/', 'definitions/team/', 'definitions/team/a/'])('%s is a folder', (key) => {
    expect(parseDefinitionKey(key)).toEqual({ kind: 'folder' });
  });

  it.each([
    [
      'definitions/team/flight-delay.yaml',
      'team/flight-delay',
      /in a folder/,
      'definitions/flight-delay.yaml',
    ],
    [
      'definitions/flight-delay.yml',
      'flight-delay',
      /does not end in \.yaml/,
      'definitions/flight-delay.yaml',
    ],
    [
      'definitions/flight-delay.json',
      'flight-delay',
      /does not end in \.yaml/,
      'definitions/flight-delay.yaml',
    ],
    ['definitions/README', 'README', /does not end in \.yaml/, 'definitions/readme.yaml'],
    [
      'definitions/flight-delay.YAML',
      'flight-delay',
      /does not end in \.yaml/,
      'definitions/flight-delay.yaml',
    ],
    ['definitions/Flight_Delay.yaml', 'Flight_Delay', /2 to 31 characters/, 'definitions/flight-delay.yaml'],
    ['definitions/2nd model.yaml', '2nd model', /a lower-case letter/, 'definitions/nd-model.yaml'],
    ['definitions/flight--delay.yaml', 'flight--delay', /two in a row/, 'definitions/flight-delay.yaml'],
    [
      `definitions/${'long'.repeat(8)}.yaml`,
      'long'.repeat(8),
      /2 to 31/,
      `definitions/${'long'.repeat(8).slice(0, 31)}.yaml`,
    ],
    ['definitions/.yaml', '.yaml', /2 to 31/, 'definitions/<model>.yaml'],
    ['definitions/42.yaml', '42', /2 to 31/, 'definitions/<model>.yaml'],
  ])('%s is refused with the key that it should have', (key, subject, what, place) => {
    const parsed = parseDefinitionKey(key);

    expect(parsed).toMatchObject({ kind: 'misplaced', subject, what: expect.stringMatching(what) });
    expect(parsed).toMatchObject({ remedy: `Put the definition at ${place}.` });
  });
});
