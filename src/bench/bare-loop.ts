import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { WebSocket } from 'ws';
import type { Address } from '../net/address.ts';
import type { Operation } from './recorded.ts';

/** A socket without anything around it: what comes is counted, not read. */
interface Bare {
  received: number;
  send(bytes: Uint8Array): void;
  close(): void;
  wake: (() => void) | undefined;
  ended: boolean;
}

/**
 * Plays recorded conversations again on bare sockets, so many side by side: the same octets on the
 * same connections in the same order, and nothing else. The milliseconds that it took. Raises an Error
 * where fewer octets come than came before, for `patience` milliseconds.
 */
export async function bareLoop(
  conversations: readonly (readonly Operation[])[],
  address: Address,
  jobs: number,
  patience = 3000,
): Promise<number> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next; index < conversations.length; index = next) {
      next += 1;
      await play(conversations[index] as readonly Operation[], address, patience);
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: jobs }, worker));
  return performance.now() - began;
}

async function play(operations: readonly Operation[], address: Address, patience: number): Promise<void> {
  const peers: Bare[] = [];
  try {
    for (const operation of operations) {
      if (operation.do === 'open') {
        peers[operation.peer] = await open(address);
        continue;
      }
      const peer = peers[operation.peer] as Bare;
      if (operation.do === 'send') peer.send(operation.bytes);
      else if (operation.do === 'receive') await atLeast(peer, operation.octets, patience);
      else peer.close();
    }
  } finally {
    for (const peer of peers) peer?.close();
  }
}

async function atLeast(peer: Bare, octets: number, patience: number): Promise<void> {
  while (peer.received < octets && !peer.ended) {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error('the server answers other octets than it did')),
        patience,
      );
      peer.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

async function open(address: Address): Promise<Bare> {
  const peer: Bare = {
    received: 0,
    send: () => undefined,
    close: () => undefined,
    wake: undefined,
    ended: false,
  };
  const came = (octets: number): void => {
    peer.received += octets;
    peer.wake?.();
  };
  const ended = (): void => {
    peer.ended = true;
    peer.wake?.();
  };
  if (address.kind === 'ws' || address.kind === 'wss') {
    const socket = new WebSocket(`${address.kind}://${address.host}:${address.port}${address.path}`, {
      perMessageDeflate: false,
    });
    socket.on('message', (data: Buffer) => came(data.length));
    socket.on('close', ended);
    socket.on('error', ended);
    await new Promise((resolve) => socket.once('open', resolve));
    const text = new TextDecoder();
    peer.send = (bytes) => socket.send(text.decode(bytes));
    peer.close = () => socket.close();
    return peer;
  }
  const where = address.kind === 'unix' ? { path: address.path } : { host: address.host, port: address.port };
  const socket: Socket =
    address.kind === 'tls'
      ? connectTls({ ...where, rejectUnauthorized: false })
      : connectTcp({ ...where, noDelay: true });
  socket.on('data', (chunk: Buffer) => came(chunk.length));
  socket.on('end', ended);
  socket.on('close', ended);
  socket.on('error', ended);
  await new Promise((resolve) => socket.once(address.kind === 'tls' ? 'secureConnect' : 'connect', resolve));
  peer.send = (bytes) => socket.write(bytes);
  peer.close = () => socket.end();
  return peer;
}
