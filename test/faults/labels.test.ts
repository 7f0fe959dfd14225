import { itWithstandsASampleOfFaults } from './sampled.ts';

itWithstandsASampleOfFaults('labels');
