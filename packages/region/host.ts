export { guardGroup } from './containers/guard-group.ts';
export { CorruptStateError } from './store/corrupt-state-error.ts';
export { diskTrouble } from './store/disk-trouble.ts';
export { StoreInUseError } from './store/open-level.ts';
export { makePrivate } from './store/private-directory.ts';
export { readStateFile, writeStateFile } from './store/state-file.ts';
