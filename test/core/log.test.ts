import { describe, expect, test } from 'vitest';
import { KittiwakeError } from '../../src/core/errors.ts';
import { createLogger, type LogOptions } from '../../src/core/log.ts';

function logTo(options: Partial<LogOptions> = {}) {
  const lines: string[] = [];
  const log = createLogger({ write: line => lines.push(line), now: () => 0, ...options });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') };
}

describe('createLogger', () => {
  test('writes one JSON object a line', () => {
    const { log, lines } = logTo();
    log.info('start', { text: 'a\nb' });
    expect(lines).toEqual([
      '{"time":"1970-01-01T00:00:00.000Z","level":"info","event":"start","text":"a\\nb"}',
    ]);
  });

  test('leaves out what is less important than its level', () => {
    const { log, lines } = logTo({ level: 'warn' });
    log.debug('a');
    log.info('b');
    log.warn('c');
    log.error('d');
    expect(lines.map(line => JSON.parse(line).event)).toEqual(['c', 'd']);
    expect([log.writes('info'), log.writes('warn')]).toEqual([false, true]);
  });

  test('says nothing when it is silent', () => {
    const { log, lines } = logTo({ level: 'silent' });
    log.error('a');
    expect(lines).toEqual([]);
  });

  test('writes always what has a setting of its own', () => {
    const { log, lines, last } = logTo({ level: 'silent' });
    log.always('info', 'request', { Requests: 1 });
    expect(lines).toHaveLength(1);
    expect(last()).toMatchObject({ level: 'info', event: 'request', Requests: 1 });
  });

  test('names the request in whose course a line is written', () => {
    let current: string | undefined;
    const { log, lines, last } = logTo({ request: () => current });
    log.info('start');
    current = 'one';
    log.failure('failed', new Error('no'));
    expect(last()).toMatchObject({ event: 'failed', request: 'one' });
    log.info('request', { request: 'two' });
    expect(last()).toMatchObject({ request: 'two' });
    expect(lines[0]).not.toContain('request');
  });

  test('hashes paths unless it is told otherwise', () => {
    expect(logTo().log.path('/a')).toMatch(/^[0-9a-f]{16}$/);
    expect(logTo({ paths: 'plain' }).log.path('/a')).toBe('/a');
  });

  test('describes an error by code and frames, and by message only when it is ours', () => {
    const { log, last } = logTo();
    const cause = Object.assign(new Error('open /srv/secret'), { code: 'EACCES' });
    log.failure('failed', new KittiwakeError('storage_denied', 'Reading "k" failed', { cause }));
    expect(last()).toMatchObject({
      event: 'failed',
      code: 'storage_denied',
      message: 'Reading "k" failed',
      cause: { name: 'Error', code: 'EACCES' },
    });
    expect(JSON.stringify(last())).not.toContain('secret');
  });

  test('describes what is no error', () => {
    const { log, last } = logTo();
    log.failure('failed', 'text');
    expect(last()).toMatchObject({ event: 'failed', name: 'string' });
  });
});
