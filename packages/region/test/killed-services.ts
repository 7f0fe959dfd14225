import { startServices } from './durable-services.ts';

// Services in a process of their own, to be killed: `killed-services.ts <directory> <speed>`. Tells how a client reaches them and what time it is.
const [, , directory = '', speed = '1'] = process.argv;
const services = await startServices(directory, Number(speed));
await services.resume();
process.on('message', () => process.send?.({ now: services.time.now() }));
process.send?.(services.client);
