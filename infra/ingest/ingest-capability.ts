import { Construct } from 'constructs';
import type { Foundation } from '../foundation/foundation.ts';

/** The ingest capability. */
export class IngestCapability extends Construct {
  constructor(scope: Construct, id: string, _foundation: Foundation) {
    super(scope, id);
  }
}
