const inputs: readonly unknown[] = [
  {},
  [],
  null,
  7,
  '',
  'flight-delay',
  [{ model: 'flight-delay' }],
  { modle: 'flight-delay' },
  { model: 7 },
  { model: null },
  { model: '' },
  { model: 'Flight Delay' },
  { model: 'flight-delay', versoin: 3 },
  { model: 'flight-delay', version: '3', datasetID: 'ds-1', batchid: 'batch-1' },
  { model: 'flight-delay', batchId: 12 },
  { model: 'flight-delay', scheduledTime: 'yesterday' },
  { Model: 'flight-delay', input: { model: 'flight-delay' } },
];

/** What a person may type who starts a machine by hand and gets it wrong, as arguments of a test. None names a model that there is. */
export const typos: [unknown][] = inputs.map((typed) => [typed]);
