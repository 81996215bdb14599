import { expect } from 'vitest';
import type { ApiClient } from './support/client.ts';

const NO_HOOK = `/pull/${'0'.repeat(64)}`;

/** Routes of remotes, in an order in which each finds what it needs. Nothing is reached: the host does not exist. */
export const REMOTE_STEPS = {
  async createRemote({ call }: ApiClient) {
    const wish = { name: 'host', url: 'https://git.invalid/wiki.git', push: true, pull: true };
    const { status, body } = await call('POST', '/remotes', wish);
    expect([status, body.name, body.failures]).toEqual([201, 'host', 0]);
  },

  async listRemotes({ call }: ApiClient) {
    const { status, body } = await call('GET', '/remotes');
    expect([status, body.remotes]).toMatchObject([200, [{ name: 'host' }]]);
  },

  async readRemote({ call }: ApiClient) {
    const { status, body } = await call('GET', '/remotes/host');
    expect([status, body.url]).toEqual([200, 'https://git.invalid/wiki.git']);
  },

  async updateRemote({ call }: ApiClient) {
    const { status, body } = await call('PATCH', '/remotes/host', { prefer: 'theirs' });
    expect([status, body.prefer]).toEqual([200, 'theirs']);
  },

  async pullRemote({ call }: ApiClient) {
    const { status, body } = await call('POST', '/remotes/host/pull');
    expect([status, body.code]).toEqual([422, 'remote_unreachable']);
  },

  async pushRemote({ call }: ApiClient) {
    const { status, body } = await call('POST', '/remotes/host/push');
    expect([status, body.code]).toEqual([422, 'remote_unreachable']);
    expect((await call('GET', '/remotes/host')).body).toMatchObject({ failures: 2 });
  },

  async settleConflict({ call }: ApiClient) {
    const { status, body } = await call('DELETE', '/remotes/host/conflicts/0123456789ab');
    expect([status, body.code]).toEqual([404, 'remote_conflict_absent']);
  },

  async pullByHook({ call }: ApiClient) {
    expect((await call('POST', NO_HOOK)).body.code).toBe('remote_hook_absent');
  },

  async pullByHookGet({ call }: ApiClient) {
    expect((await call('GET', NO_HOOK)).status).toBe(404);
  },

  async readPullHook({ call }: ApiClient) {
    expect((await call('GET', `${NO_HOOK}/status`)).status).toBe(404);
  },

  async deleteRemote({ call }: ApiClient) {
    expect((await call('DELETE', '/remotes/host')).status).toBe(200);
    expect((await call('GET', '/remotes')).body.remotes).toEqual([]);
  },
};
