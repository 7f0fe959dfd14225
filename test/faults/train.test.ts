import { itWithstandsASampleOfFaults } from './sampled.ts';

itWithstandsASampleOfFaults('train');
