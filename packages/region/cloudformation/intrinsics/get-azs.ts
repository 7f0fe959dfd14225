import { type Intrinsic, text } from './intrinsic.ts';

/** Three zones, as most regions have; `""` is the region of the stack. */
export const getAzs: Intrinsic = (argument, scope, resolve) => {
  const region = text(resolve(argument, scope)) || text(scope.ref('AWS::Region'));
  return ['a', 'b', 'c'].map((zone) => `${region}${zone}`);
};
