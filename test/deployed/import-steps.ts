import { expect } from 'vitest';
import type { ApiClient } from './support/client.ts';

/** What a later step needs. */
const seen = { id: '' };

const TABLE = 'path,content\nImported/One,one gull\n';

/** Imports, each route once; what becomes of one that runs is not waited for. */
export const IMPORT_STEPS = {
  async startImport({ call }: ApiClient) {
    const size = TABLE.length;
    const { status, body } = await call('POST', '/imports', { name: 'x/pages.csv', size });
    expect([status, body]).toMatchObject([
      201,
      { name: 'pages.csv', state: 'awaiting_upload', upload: { size, received: 0 } },
    ]);
    seen.id = body.id;
    const huge = await call('POST', '/imports', { name: 'huge.csv', size: 10 ** 15 });
    expect([huge.status, huge.body.code]).toEqual([413, 'import_too_large']);
  },

  async listImports({ call }: ApiClient) {
    const { status, body } = await call('GET', '/imports?limit=1');
    expect([status, body.imports]).toMatchObject([200, [{ id: seen.id }]]);
  },

  async completeImport({ call }: ApiClient) {
    const { status, body } = await call('POST', `/imports/${seen.id}/complete`);
    expect([status, body.code]).toEqual([409, 'upload_incomplete']);
  },

  async sendImportSource({ send }: ApiClient) {
    const answer = await send('PUT', `/imports/${seen.id}/source`, {
      body: TABLE.slice(0, 10),
      headers: { 'content-range': `bytes 0-9/${TABLE.length}`, 'content-type': 'text/csv' },
    });
    expect([answer.status, JSON.parse(await answer.text())]).toMatchObject([
      202,
      { state: 'awaiting_upload', upload: { received: 10 } },
    ]);
  },

  async readImport({ call }: ApiClient) {
    const { status, body } = await call('GET', `/imports/${seen.id}`);
    expect([status, body.progress]).toMatchObject([200, { percent: 0, bytes_total: TABLE.length }]);
  },

  async listImportErrors({ send }: ApiClient) {
    const answer = await send('GET', `/imports/${seen.id}/errors`);
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  },

  async readImportSample({ call }: ApiClient) {
    const { status, body } = await call('GET', `/imports/${seen.id}/sample`);
    expect([status, body.code]).toEqual([404, 'import_sample_absent']);
  },

  async cancelImport({ call }: ApiClient) {
    const { status, body } = await call('POST', `/imports/${seen.id}/cancel`);
    expect([status, body.state]).toEqual([202, 'cancelled']);
  },

  async deleteImport({ call }: ApiClient) {
    const { status, body } = await call('DELETE', `/imports/${seen.id}`);
    expect([status, body]).toMatchObject([200, { deleted: true, id: seen.id }]);
    expect((await call('GET', `/imports/${seen.id}`)).status).toBe(404);
  },
};
