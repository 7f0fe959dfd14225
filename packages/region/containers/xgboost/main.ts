import { mlDirectory } from './ml-directory.ts';
import { serve } from './serve.ts';
import { train } from './train.ts';

/** The stand-in for SageMaker's XGBoost image: `train` or `serve`, as SageMaker starts it. */
const directory = mlDirectory(process.env);

switch (process.argv[2]) {
  case 'train':
    process.exit(await train(directory));
    break;
  case 'serve':
    await serve(directory, process.env);
    break;
  default:
    console.error(`unknown command '${process.argv[2] ?? ''}': train or serve`);
    process.exit(2);
}
