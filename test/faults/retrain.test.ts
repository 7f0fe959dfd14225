import { itWithstandsASampleOfFaults } from './sampled.ts';

itWithstandsASampleOfFaults('retrain');
