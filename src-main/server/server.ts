/** The workbench for a browser on this machine: the window's files over HTTP, the engine over a WebSocket at /engine. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { serve, type Service } from '../protocol/dispatcher.ts';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import {
  SUBPROTOCOL,
  isOwnHost,
  isOwnOrigin,
  isSameToken,
  newToken,
  offeredToken,
} from './access.ts';
import { SECURITY_HEADERS } from './security-headers.ts';
import { socketChannel } from './socket-channel.ts';
import { serveFile } from './static-files.ts';

export interface ServerOptions {
  readonly service: Service;
  /** The directory of the built window. */
  readonly root: string;
  /** 0 for any that is free; null for {@link USUAL_PORT} where it is free, and else any. */
  readonly port: number | null;
}

/** What a browser remembers of the window, such as its layout, it remembers of a port. */
const USUAL_PORT = 47_123;

export interface RunningServer {
  readonly port: number;
  readonly token: string;
  /** The address for the browser: the token stands behind the `#`, which no browser sends anywhere. */
  readonly address: (target: string | null) => string;
  /** Ends all connections and stops listening. */
  readonly close: () => Promise<void>;
}

/** A message holds a file of the editor at most. */
const LARGEST_MESSAGE = 32 * 1024 * 1024;
/** Windows on one engine. */
const MOST_FRONTS = 64;

/** @throws StrataError `environment` where the port is taken or may not be used. */
export async function startServer({ service, root, port }: ServerOptions): Promise<RunningServer> {
  const token = newToken();
  const http = createServer();
  if (port !== null) await listen(http, port);
  else await listen(http, USUAL_PORT).catch(() => listen(http, 0));
  const actual = (http.address() as AddressInfo).port;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_MESSAGE,
    perMessageDeflate: false,
    clientTracking: true,
    handleProtocols: () => SUBPROTOCOL,
  });
  http.on('request', (request, response) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    if (!isOwnHost(request.headers.host, actual)) {
      response.writeHead(403, { 'Content-Type': 'text/plain; charset=utf-8' });
      response.end('This address is not one of Strata.\n');
      return;
    }
    serveFile(root, request, response).catch(() => response.destroy());
  });
  http.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const refusal = whyRefused(request, actual, token, sockets.clients.size);
    if (refusal !== null) {
      refuse(socket, refusal);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (front) => serve(socketChannel(front), service));
  });
  return {
    port: actual,
    token,
    address: (target) => {
      const words = new URLSearchParams({ token, ...(target === null ? {} : { target }) });
      return `http://127.0.0.1:${actual}/#${words.toString()}`;
    },
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      await new Promise<void>((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      });
    },
  };
}

type Refusal = '401 Unauthorized' | '403 Forbidden' | '404 Not Found' | '503 Service Unavailable';

function whyRefused(
  { headers, url }: IncomingMessage,
  port: number,
  token: string,
  fronts: number,
): Refusal | null {
  if (!isOwnHost(headers.host, port)) return '403 Forbidden';
  if (!isOwnOrigin(headers.origin, port)) return '403 Forbidden';
  if (url !== '/engine') return '404 Not Found';
  const given = offeredToken(headers['sec-websocket-protocol']);
  if (!isSameToken(given, token)) return '401 Unauthorized';
  return fronts >= MOST_FRONTS ? '503 Service Unavailable' : null;
}

function refuse(socket: Duplex, refusal: Refusal): void {
  socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

async function listen(http: Server, port: number): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      http.once('error', reject);
      http.listen(port, '127.0.0.1', () => {
        http.off('error', reject);
        resolve();
      });
    });
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new StrataError({
      code: 'environment',
      operation: `listening on 127.0.0.1:${port}`,
      reason: error.code === 'EADDRINUSE' ? 'the port is taken' : error.message,
      advice: 'choose another with --port, or leave it out for any that is free',
      cause: error,
    });
  }
}
