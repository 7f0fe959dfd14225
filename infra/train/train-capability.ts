import { Construct } from 'constructs';
import type { Foundation } from '../foundation/foundation.ts';

/** The train capability. */
export class TrainCapability extends Construct {
  constructor(scope: Construct, id: string, _foundation: Foundation) {
    super(scope, id);
  }
}
