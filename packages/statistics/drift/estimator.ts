import { classEstimator } from './class-estimator.ts';
import { errorEstimator } from './error-estimator.ts';
import type { Estimator } from './estimator-contract.ts';
import type { Calibration } from './quality.schema.ts';
import { scoreEstimator } from './score-estimator.ts';

/** @throws nothing; a calibration without rows expects nothing of any metric. */
export function estimatorOf(calibration: Calibration): Estimator {
  switch (calibration.problem) {
    case 'binary':
      return scoreEstimator(calibration);
    case 'multiclass':
      return classEstimator(calibration);
    case 'regression':
      return errorEstimator(calibration);
  }
}
