import { mlDirectory } from './ml-directory.ts';
import { serve } from './serve.ts';
import { train } from './train.ts';

/** The stand-in for SageMaker's XGBoost image: `train` or `serve`, as SageMaker starts it. */
const directory = mlDirectory(process.env);

// Whoever started this process may die without a word; then it must not stay behind.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.exit(1);
}, 1000).unref();

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
