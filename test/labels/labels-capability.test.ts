import { describe, expect, it } from 'vitest';
import { LabelsCapability } from '../../infra/labels/labels-capability.ts';
import { grants, statementsOf, synthesiseWith } from '../support/templates.ts';

const template = synthesiseWith({}, (stack, foundation) => {
  new LabelsCapability(stack, 'Labels', foundation);
});

describe('the labels capability', () => {
  it('starts for every object below labels/ of the data bucket', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { object: { key: [{ prefix: 'labels/' }] } },
      },
    });
  });

  it('writes its reports and nothing else into buckets', () => {
    const granted = grants(statementsOf(template, /^LabelsCheckLabelsRole/));

    expect(JSON.stringify(granted.get('s3:PutObject'))).toMatch(
      /^\[[^\]]*\[[^[]*\["StoresArtifacts[^\]]*\]\},"\/label-reports\/\*"\]\]\}\]$/,
    );
    expect(granted.has('s3:DeleteObject')).toBe(false);
  });
});
