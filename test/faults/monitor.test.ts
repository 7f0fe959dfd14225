import { itWithstandsASampleOfFaults } from './sampled.ts';

itWithstandsASampleOfFaults('monitor');
