import { itWithstandsASampleOfFaults } from './sampled.ts';

itWithstandsASampleOfFaults('deploy');
