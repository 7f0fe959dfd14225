import { fileURLToPath } from 'node:url';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';

/** Counts the words of every text that is put below `texts/`, and writes the count below `counts/`; or of one that is posted. */
const app = new App();
const stack = new Stack(app, 'WordCount');

const bucket = new Bucket(stack, 'Bucket');
// Natively: `eventBridgeEnabled` would add a custom resource with a function of its own.
if (bucket.node.defaultChild instanceof CfnBucket) {
  bucket.node.defaultChild.notificationConfiguration = {
    eventBridgeConfiguration: { eventBridgeEnabled: true },
  };
}

const countWords = new LambdaFunction(stack, 'CountWords', {
  runtime: Runtime.NODEJS_24_X,
  code: Code.fromAsset(fileURLToPath(new URL('count-words', import.meta.url))),
  handler: 'index.handler',
});

const machine = new StateMachine(stack, 'Machine', {
  definitionBody: DefinitionBody.fromFile(fileURLToPath(new URL('word-count.asl.json', import.meta.url))),
  definitionSubstitutions: { CountWordsArn: countWords.functionArn },
});
bucket.grantRead(machine, 'texts/*');
bucket.grantPut(machine, 'counts/*');
countWords.grantInvoke(machine);

new Rule(stack, 'OnText', {
  eventPattern: {
    source: ['aws.s3'],
    detailType: ['Object Created'],
    detail: { bucket: { name: [bucket.bucketName] }, object: { key: [{ prefix: 'texts/' }] } },
  },
  targets: [new SfnStateMachine(machine)],
});

const api = new HttpApi(stack, 'Api');
api.addRoutes({
  path: '/counts',
  methods: [HttpMethod.POST],
  integration: new HttpLambdaIntegration('Count', countWords),
});

new CfnOutput(stack, 'ApiUrl', { value: api.apiEndpoint });
new CfnOutput(stack, 'BucketName', { value: bucket.bucketName });
app.synth();
