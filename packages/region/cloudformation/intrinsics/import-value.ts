import { type Intrinsic, text } from './intrinsic.ts';

export const importValue: Intrinsic = (argument, scope, resolve) =>
  scope.importValue(text(resolve(argument, scope)));
