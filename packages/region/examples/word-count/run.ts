import { GetObjectCommand, PutObjectCommand, S3Client, waitUntilObjectExists } from '@aws-sdk/client-s3';
import { LocalRegion } from '@tidemark/region';

const [assemblyDirectory = 'cdk.out', stateDirectory = '.region'] = process.argv.slice(2);
const region = await LocalRegion.start({ assemblyDirectory, stateDirectory, onEvent: console.error });
const client = new S3Client({ ...region.sdkConfig, forcePathStyle: true });
const count = { Bucket: region.outputs.BucketName, Key: 'counts/haiku.json' };
await client.send(new PutObjectCommand({ ...count, Key: 'texts/haiku', Body: 'An old silent pond' }));
await waitUntilObjectExists({ client, minDelay: 1, maxWaitTime: 120 }, count);
console.log(await (await client.send(new GetObjectCommand(count))).Body?.transformToString());
const posted = await fetch(`${region.outputs.ApiUrl}/counts`, { method: 'POST', body: 'Splash! Silence' });
console.log(await posted.text());
await region.stop();
