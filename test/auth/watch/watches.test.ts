import { fileUsers, snapshotUsers } from '../user/user-support.ts';
import { watchesContract } from './watches.contract.ts';

watchesContract('SQLite as a file', fileUsers);
watchesContract('SQLite as a snapshot', snapshotUsers);
