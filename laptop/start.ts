import { main } from './start/main.ts';

// The laptop's Node.js may be older than Lambda's; the AWS SDK's warning about it is not shown.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const exitCode = await main(process.argv.slice(2));
// Written to a pipe, the last lines are still on their way.
process.stdout.write('', () => process.exit(exitCode));
