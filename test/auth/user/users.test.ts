import { fileUsers, snapshotUsers } from './user-support.ts';
import { usersContract } from './users.contract.ts';

usersContract('SQLite as a file', fileUsers);
usersContract('SQLite as a snapshot', snapshotUsers);
