import { Construct } from 'constructs';
import type { Foundation } from '../foundation/foundation.ts';

/** The deploy capability. */
export class DeployCapability extends Construct {
  constructor(scope: Construct, id: string, _foundation: Foundation) {
    super(scope, id);
  }
}
