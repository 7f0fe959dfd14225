import { itWithstandsASampleOfFaults } from './sampled.ts';

itWithstandsASampleOfFaults('ingest');
