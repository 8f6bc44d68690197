import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WitnessError } from '../witnesses/witness-adapter';
import { callService } from './call-service';
import { isPrivateAddress, withOutboundPolicy } from './outbound-policy';

let server: Server;
let port = 0;
let hits = 0;
beforeAll(async () => {
  server = createServer((_request, response) => {
    hits++;
    response.end('hello');
  });
  await new Promise<void>((resolve) => server.listen(0, () => resolve()));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const call = (host: string, allowPrivate: boolean) =>
  withOutboundPolicy({ allowPrivate }, () =>
    callService({
      url: `http://${host}:${port}/`,
      method: 'GET',
      signal: new AbortController().signal,
      maxAnswerBytes: 100,
    }),
  );

describe('calls to outside services', () => {
  it.each([
    'localhost',
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0.0.0.0',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
  ])('do not reach this machine as %s, unless somebody said that they may', async (host) => {
    const before = hits;
    const error: unknown = await call(host, false).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WitnessError);
    expect(error).toMatchObject({ code: 'witness_misconfigured' });
    expect(hits).toBe(before);
  });

  it('reach it when they may', async () => {
    for (const host of ['localhost', '127.0.0.1']) {
      const answer = await call(host, true);
      expect(Buffer.from(answer.body).toString()).toBe('hello');
    }
  });

  it.each([
    '10.1.2.3',
    '100.64.0.1',
    '169.254.169.254',
    '172.31.255.255',
    '192.168.0.1',
    '224.0.0.1',
    '255.255.255.255',
    'fd00::1',
    'fe80::1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    'not an address',
  ])('count %s as private', (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])(
    'count %s as public',
    (address) => {
      expect(isPrivateAddress(address)).toBe(false);
    },
  );
});
