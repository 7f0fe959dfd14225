import { Construct } from 'constructs';
import type { Foundation } from '../foundation/foundation.ts';

/** Model definitions: dropped, validated, registered. */
export class OnboardCapability extends Construct {
  constructor(scope: Construct, id: string, _foundation: Foundation) {
    super(scope, id);
  }
}
