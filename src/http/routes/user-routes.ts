import type { Route } from '../route.ts';

const users = () => import('./users.ts');

const USERS = '/api/v1/users';
const USER = '/api/v1/users/{id}';

export const USER_ROUTES = [
  {
    name: 'createUser',
    method: 'POST',
    pattern: USERS,
    access: 'admin',
    load: async () => (await users()).createUser,
  },
  {
    name: 'listUsers',
    method: 'GET',
    pattern: USERS,
    access: 'admin',
    load: async () => (await users()).listUsers,
  },
  {
    name: 'readUser',
    method: 'GET',
    pattern: USER,
    access: 'admin',
    load: async () => (await users()).readUser,
  },
  {
    name: 'updateUser',
    method: 'PATCH',
    pattern: USER,
    access: 'admin',
    load: async () => (await users()).updateUser,
  },
  {
    name: 'deleteUser',
    method: 'DELETE',
    pattern: USER,
    access: 'admin',
    load: async () => (await users()).deleteUser,
  },
  {
    name: 'setUserPassword',
    method: 'POST',
    pattern: `${USER}/password`,
    access: 'admin',
    load: async () => (await users()).setPassword,
  },
  {
    name: 'updateMe',
    method: 'PATCH',
    pattern: '/api/v1/me',
    access: 'known',
    load: async () => (await users()).updateMe,
  },
] as const satisfies readonly Route[];
