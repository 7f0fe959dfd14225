import { itWithstandsASampleOfFaults } from './sampled.ts';

itWithstandsASampleOfFaults('onboard');
