import { describe, expect, it } from 'vitest';
import { SparError } from '../problem/problem.ts';
import { formatAddress, parseAddress } from './address.ts';

function problem(text: string): string {
  try {
    parseAddress(text);
  } catch (error) {
    if (error instanceof SparError && error.exit === 2) {
      const [first] = error.problems;
      return `${first?.what} / ${first?.mend}`;
    }
  }
  throw new Error('not refused as it should be');
}

describe('parseAddress', () => {
  it.each([
    ['tcp://127.0.0.1:5000', { kind: 'tcp', host: '127.0.0.1', port: 5000 }],
    ['TLS://chat.example:6697/', { kind: 'tls', host: 'chat.example', port: 6697 }],
    ['tcp://[::1]:80', { kind: 'tcp', host: '::1', port: 80 }],
    ['tcp://localhost', { kind: 'tcp', host: 'localhost', port: 4000 }],
    ['ws://localhost:80/a?b=c', { kind: 'ws', host: 'localhost', port: 80, path: '/a?b=c' }],
    ['wss://localhost', { kind: 'wss', host: 'localhost', port: 4000, path: '/' }],
    ['unix:/run/x.sock', { kind: 'unix', path: '/run/x.sock' }],
    ['unix:///run/x.sock', { kind: 'unix', path: '/run/x.sock' }],
    ['unix:x.sock', { kind: 'unix', path: 'x.sock' }],
  ])('reads %s', (text, address) => {
    expect(parseAddress(text, 4000)).toEqual(address);
    expect(parseAddress(formatAddress(parseAddress(text, 4000)))).toEqual(address);
  });

  it('knows the ports of WebSocket', () => {
    expect(parseAddress('ws://localhost')).toMatchObject({ port: 80 });
    expect(parseAddress('wss://localhost/x')).toMatchObject({ port: 443 });
  });

  it.each([
    ['tcp://localhost', /has no port \/ Add the port/],
    ['localhost:5000', /names no transport \/ Did you mean tcp:\/\/localhost:5000\?/],
    ['127.0.0.1:5000', /Did you mean tcp:\/\/127.0.0.1:5000\?/],
    ['localhost', /names no transport \/ Write it as/],
    ['', /names no transport/],
    ['tpc://localhost:1', /unknown transport tpc \/ Did you mean tcp\?/],
    ['gopher://localhost:1', /unknown transport gopher \/ Write it as/],
    ['tcp://localhost:0', /0 is not a port \/ A port is a number/],
    ['tcp://localhost:65536', /65536 is not a port/],
    ['tcp://localhost:5000/path', /has no path/],
    ['tcp://user@localhost:5000', /not an address of the form tcp:\/\/host:port/],
    ['tcp:localhost:5000', /not an address of the form/],
    ['unix:', /names no socket/],
  ])('refuses %s and says how to mend it', (text, message) => {
    expect(problem(text)).toMatch(message);
  });
});
