import * as z from 'zod';
import { type Intrinsic, shaped } from './intrinsic.ts';

export const ref: Intrinsic = (argument, scope) =>
  scope.ref(shaped(z.string(), argument, 'the name of a parameter or resource'));
