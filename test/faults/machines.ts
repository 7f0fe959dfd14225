/** The state machines whose calls are made to fail; each has its ways in `ways/`. */
export const machines = ['ingest', 'train', 'deploy', 'monitor', 'labels', 'retrain', 'onboard'] as const;
export type MachineName = (typeof machines)[number];

/** How `start` of a machine's ways is loaded: handlers read their environment when they are imported, so a process has one machine. */
export const waysOf = {
  ingest: async () => (await import('./ways/ingest.ts')).start(),
  train: async () => (await import('./ways/train.ts')).start(),
  deploy: async () => (await import('./ways/deploy.ts')).start(),
  monitor: async () => (await import('./ways/monitor.ts')).start(),
  labels: async () => (await import('./ways/labels.ts')).start(),
  retrain: async () => (await import('./ways/retrain.ts')).start(),
  onboard: async () => (await import('./ways/onboard.ts')).start(),
} as const;

export function isMachineName(name: string): name is MachineName {
  return machines.some((machine) => machine === name);
}
