import * as z from 'zod';
import { type Intrinsic, shaped } from './intrinsic.ts';

export const toJsonString: Intrinsic = (argument, scope, resolve) =>
  JSON.stringify(
    shaped(
      z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]),
      resolve(argument, scope),
      'an object or a list',
    ),
  );
