import * as z from 'zod';
import type { Place } from './halted-executions.ts';
import { keptRelease } from './kept-release.ts';

interface State {
  readonly Type: string;
  readonly Resource?: string | undefined;
  readonly ItemProcessor?: Machine | undefined;
  readonly Branches?: readonly Machine[] | undefined;
}
interface Machine {
  readonly States: Readonly<Record<string, State>>;
}
const machineSchema: z.ZodType<Machine> = z.object({
  States: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Resource: z.string().optional(),
      get ItemProcessor() {
        return machineSchema.optional();
      },
      get Branches() {
        return z.array(machineSchema).optional();
      },
    }),
  ),
});

const stateMachine = z.looseObject({
  Type: z.literal('AWS::StepFunctions::StateMachine'),
  Properties: z.object({
    StateMachineName: z.string(),
    DefinitionS3Location: z.object({ Key: z.string() }),
  }),
});
const templateSchema = z.object({ Resources: z.record(z.string(), z.unknown()) });

/** Every place of the last release at which an update can find an execution: tasks, tasks whose job runs, and waits. */
export function placesOfRelease(): Place[] {
  const { files } = keptRelease();
  return Object.entries(files)
    .filter(([path]) => path.endsWith('.template.json'))
    .flatMap(([, text]) => Object.values(templateSchema.parse(JSON.parse(text)).Resources))
    .flatMap((resource) => {
      const machine = stateMachine.safeParse(resource);
      if (!machine.success) return [];
      const { StateMachineName, DefinitionS3Location } = machine.data.Properties;
      const definition = machineSchema.parse(JSON.parse(files[`asset.${DefinitionS3Location.Key}`] ?? ''));
      const name = StateMachineName.replace('tidemark-dev-', '');
      return placesIn(definition).map((place) => `${name}.${place}`);
    })
    .sort();
}

function placesIn({ States }: Machine): string[] {
  return Object.entries(States).flatMap(([name, { Type, Resource = '', ItemProcessor, Branches = [] }]) => {
    const inner = [...(ItemProcessor ? [ItemProcessor] : []), ...Branches].flatMap(placesIn);
    if (Type === 'Wait') return [name];
    if (Type === 'Task') return Resource.includes('.sync') ? [name, `${name} submitted`] : [name];
    // The others call nothing and wait for nothing themselves: an update comes before them, where the former state is, or after them.
    return inner;
  });
}
