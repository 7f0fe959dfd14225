import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { CaptureCapability } from './capture/capture-capability.ts';
import type { Config } from './config.schema.ts';
import { DeployCapability } from './deploy/deploy-capability.ts';
import { Events } from './foundation/events.ts';
import type { Foundation } from './foundation/foundation.ts';
import { IngestCapability } from './ingest/ingest-capability.ts';
import { LabelsCapability } from './labels/labels-capability.ts';
import { MonitorCapability } from './monitor/monitor-capability.ts';
import { OnboardCapability } from './onboard/onboard-capability.ts';
import { SavedQueries } from './queries/saved-queries.ts';
import { RetrainCapability } from './retrain/retrain-capability.ts';
import type { StoreStack } from './store-stack.ts';
import { TrainCapability } from './train/train-capability.ts';

interface WorkflowStackProps extends StackProps {
  readonly config: Config;
  readonly store: StoreStack;
  readonly codeVersion: string;
}

/** What may be replaced at any time: the event bus and one workflow per capability. */
export class WorkflowStack extends Stack {
  constructor(scope: Construct, id: string, props: WorkflowStackProps) {
    super(scope, id, props);
    const { config, store, codeVersion } = props;
    const foundation: Foundation = {
      config,
      stores: store.stores,
      codeVersion,
      events: new Events(this, 'Events', {
        config,
        undelivered: store.undelivered,
        alarmTopic: store.alarmTopic,
      }),
      sagemakerRoles: store.sagemakerRoles,
      schedules: store.schedules,
    };
    new IngestCapability(this, 'Ingest', foundation);
    new TrainCapability(this, 'Train', foundation);
    new DeployCapability(this, 'Deploy', foundation);
    new CaptureCapability(this, 'Capture', foundation);
    new LabelsCapability(this, 'Labels', foundation);
    const monitor = new MonitorCapability(this, 'Monitor', foundation);
    const retrain = new RetrainCapability(this, 'Retrain', foundation);
    new OnboardCapability(this, 'Onboard', foundation, {
      monitor: monitor.workflow,
      retrain: retrain.workflow,
    });
    new SavedQueries(this, 'Queries', config.stage);
  }
}
