import { StoreFormatError, storeFormat } from '@tidemark/domain/registry/store-format.ts';
import { CorruptStateError, StoreInUseError } from '@tidemark/region/host';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { mendable } from '../../../laptop/start/mendable.ts';
import { StartError } from '../../../laptop/start/start-error.ts';

const system = (code: string) => Object.assign(new Error(code), { code, path: '/state/file' });

describe('mendable', () => {
  it.each([
    ['a mistake of the command line', new StartError('It is wrong.'), 'It is wrong.'],
    ['a spoilt file', new CorruptStateError('/state/clock.json', new Error('Unexpected end')), '--fresh'],
    ['a spoilt file, by its name', new CorruptStateError('/state/clock.json', ''), '/state/clock.json'],
    ['a store of another process', new StoreInUseError('/state/s3'), '/state/s3: stop it first'],
    ['a full disk', system('ENOSPC'), 'The disk is full'],
    ['a directory of somebody else', system('EACCES'), '/state/file may not be read or written'],
    ['a store of another format', new StoreFormatError('registry', storeFormat + 1), '--fresh'],
    ['what another version wrote', z.string().safeParse(1).error, '--fresh'],
  ])('says what to do about %s', (_title, error, text) => {
    const known = mendable(error);

    expect(known?.message).toContain(text);
    expect(known?.message).not.toContain('\n');
  });

  it('leaves a defect what it is', () => {
    expect(mendable(new TypeError('undefined is not a function'))).toBeUndefined();
  });
});
