import { XMLBuilder } from 'fast-xml-parser';
import { AwsError, unsupported } from '../../gateway/aws-error.ts';
import { readBody } from '../../gateway/json-service.ts';
import type { Service } from '../../gateway/service.ts';
import { getCallerIdentity } from './get-caller-identity.ts';

const builder = new XMLBuilder({ ignoreAttributes: false });
const namespace = { '@_xmlns': 'https://sts.amazonaws.com/doc/2011-06-15/' };

/** STS, which speaks the query protocol: a form in, XML out. It knows one question: who am I? */
export function stsService(): Service {
  return {
    signingName: 'sts',
    async handle(request, response, call) {
      const answer = (status: number, document: object) =>
        response
          .writeHead(status, { 'content-type': 'text/xml', 'x-amzn-requestid': call.requestId })
          .end(builder.build(document));
      try {
        const action = new URLSearchParams((await readBody(request)).toString('utf8')).get('Action');
        if (action !== 'GetCallerIdentity') throw unsupported(`sts:${action ?? 'a call without Action'}`);
        answer(200, {
          GetCallerIdentityResponse: {
            ...namespace,
            GetCallerIdentityResult: getCallerIdentity(call),
            ResponseMetadata: { RequestId: call.requestId },
          },
        });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        const { code, message, statusCode } = error;
        answer(statusCode, {
          ErrorResponse: {
            ...namespace,
            Error: { Type: 'Sender', Code: code, Message: message },
            RequestId: call.requestId,
          },
        });
      }
    },
  };
}
