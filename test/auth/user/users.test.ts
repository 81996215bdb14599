import { fileUsers } from './user-support.ts';
import { usersContract } from './users.contract.ts';

usersContract('SQLite as a file', fileUsers);
