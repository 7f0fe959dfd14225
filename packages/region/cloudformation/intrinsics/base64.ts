import { type Intrinsic, text } from './intrinsic.ts';

export const base64: Intrinsic = (argument, scope, resolve) =>
  Buffer.from(text(resolve(argument, scope)), 'utf8').toString('base64');
