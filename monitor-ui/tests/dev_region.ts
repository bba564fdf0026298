/**
 * A region for building the page where no server runs: serves `dist`, logs one user in, and
 * sends made-up beds over WebSocket and a real WebRTC data channel.
 *
 * `tsx tests/dev_region.ts [port] [ward]`; user `demo`, password `demo`; with `ward` it has alarms from
 * the start. It listens on the loopback
 * only and keeps nothing. The real server's own tests run against the real server.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RTCPeerConnection } from 'werift';
import { WebSocketServer } from 'ws';
import { FrameKind, Mark, SetMark } from '../src/wire/index.ts';
import type { Episode } from '../src/wire/index.ts';
import { DevAlarms } from './dev_alarms.ts';
import { encodeBeat, encodeBlock, encodeBlocks, encodeRoster } from './encode.ts';
import type { PlainEntry } from './encode.ts';
import { decodeJudge, encodeAnalysis, encodeAnalyst, encodePublication } from './encode_analysis.ts';
import type { PlainRecord } from './encode_analysis.ts';
import { BEDS, secondOf } from './synthetic.ts';
import type { Bed } from './synthetic.ts';
import { publicationsOf } from './synthetic_analysis.ts';

const PORT = Number(process.argv[2] ?? 8787);
const DIST = fileURLToPath(new URL('../dist', import.meta.url));
const COOKIE = 'dev-session=demo';
const EPOCH = BigInt(Date.now());
const STARTED = Math.floor(Date.now() / 1000) - 1_500;
const FRAME_BLOCKS = 100;
/** The ambulance's bridge loses its link at this second of every so many, and sends it late. */
const TUNNEL = { every: 420, from: 300, seconds: 35 } as const;

/** As strict as the server's own. */
const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Seconds of the past that the made-up analysis has read. */
const ANALYSED_SECONDS = 3_000;
/** Records of one frame, so that it stays below the largest message. */
const FRAME_RECORDS = 20;

/** Whether the made-up analysis lives; `POST /dev/analysis` kills it and starts it again. */
let analysis: { readonly state: 'present' | 'absent'; readonly since: number } = {
  state: 'present',
  since: STARTED * 1_000_000,
};

/** What people judged, in the order in which they did. */
const judged: PlainRecord[] = [];

/**
 * What is wrong with this region; `POST /api/dev/trouble` says it. It freezes; sends what it sent
 * half a minute ago; sends one beat again and again; sends by a clock that stands still; beats but
 * sends no data; sends no data of its first bed. Calm, not even the ambulance loses its link.
 */
const TROUBLES = ['none', 'calm', 'freeze', 'replay', 'repeat', 'still', 'beats only', 'one bed'] as const;
let trouble: { readonly kind: (typeof TROUBLES)[number]; readonly since: number } = { kind: 'none', since: 0 };
const REPLAY_MILLIS = 30_000;

/** Milliseconds of the region's clock, as its trouble lets it run. */
function clockMillis(): number {
  if (trouble.kind === 'still') return trouble.since;
  return Date.now() - (trouble.kind === 'replay' ? REPLAY_MILLIS : 0);
}

const micros = () => clockMillis() * 1000;
const currentSecond = () => Math.floor(clockMillis() / 1000);

/** The block of a bed for one second of the clock. */
function entryOf(track: number, bed: Bed, second: number, marks: number, receivedAt: number): PlainEntry {
  const seq = second - STARTED + 1_500;
  const block = encodeBlock({
    device: bed.device,
    epoch: EPOCH,
    seq,
    episode: BigInt(track) + 1n,
    tick: seq * 4,
    at: second * 1_000_000,
    builtAt: (second + 1) * 1_000_000,
    second: secondOf(bed.scenario, second),
  });
  return { track, marks, receivedAt, block };
}

function isInTunnel(bed: Bed, second: number): boolean {
  const at = second % TUNNEL.every;
  return trouble.kind === 'none' && bed.site === 'ambulance' && at >= TUNNEL.from && at < TUNNEL.from + TUNNEL.seconds;
}

function roster(): Uint8Array {
  const second = currentSecond();
  const tracks = BEDS.map((bed, track) => ({
    ...bed,
    track,
    link: isInTunnel(bed, second) ? ('lost' as const) : ('up' as const),
    since: STARTED * 1_000_000,
    clockOffsetMicros: 0,
  }));
  return encodeRoster(micros(), tracks);
}

/** What changed since `sent`: the newest revision of each record of every bed. */
function newRecords(sent: Map<string, number>): PlainRecord[] {
  const second = currentSecond() - 1;
  const byPeople = judged.slice(sent.get('judged') ?? 0);
  sent.set('judged', judged.length);
  const byMachine = BEDS.flatMap((bed, track) =>
    publicationsOf(bed, (BigInt(track) + 1n) as Episode, second, ANALYSED_SECONDS).flatMap((publication) => {
      const key = `${track} ${publication.fetus} ${publication.kind} ${publication.id}`;
      if ((sent.get(key) ?? -1) >= publication.revision) return [];
      sent.set(key, publication.revision);
      return [{ track, record: encodePublication(publication) }];
    }),
  );
  return [...byPeople, ...byMachine];
}

/** `POST /api/dev/alarms` tells them what to do. */
const alarms = new DevAlarms(micros);
if (process.argv[3] === 'ward') alarms.obey({ play: 'ward' });

/** Keeps a judgement; it comes back to every wall with the next second. Attends to alarms at once. */
function hear(frame: Uint8Array, send: (frame: Uint8Array) => void): void {
  if (trouble.kind === 'freeze') return;
  const refusal = alarms.hear(frame);
  if (refusal !== undefined) send(refusal);
  if (frame[0] !== FrameKind.judge) return;
  judged.push(decodeJudge(frame, { id: BigInt(judged.length + 1), at: micros(), account: 'demo' }));
}

function recordFrames(records: readonly PlainRecord[], isWholeSet: boolean): Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (let at = 0; at < records.length; at += FRAME_RECORDS) {
    const isLast = at + FRAME_RECORDS >= records.length;
    const marks = isWholeSet ? (at === 0 ? SetMark.begins : 0) | (isLast ? SetMark.ends : 0) : 0;
    frames.push(encodeAnalysis(micros(), marks, records.slice(at, at + FRAME_RECORDS)));
  }
  return frames;
}

/** Sends the past, then a second each second, until `isOpen` says otherwise. */
function serveWall(send: (frame: Uint8Array) => void, isOpen: () => boolean): void {
  if (trouble.kind === 'freeze') return;
  send(roster());
  const first = currentSecond() - 1;
  const past: PlainEntry[] = [];
  for (let second = first - 1_200; second < first; second += 1) {
    BEDS.forEach((bed, track) => {
      const isLate = isInTunnel(bed, second);
      if (isLate && isInTunnel(bed, first)) return;
      const marks = Mark.history | (isLate ? Mark.late : 0);
      past.push(entryOf(track, bed, second, marks, (second + 1) * 1_000_000));
    });
  }
  for (let at = 0; at < past.length; at += FRAME_BLOCKS) {
    send(encodeBlocks(micros(), past.slice(at, at + FRAME_BLOCKS)));
  }
  const published = new Map<string, number>();
  send(encodeAnalyst(micros(), analysis.state, analysis.since));
  recordFrames(newRecords(published), true).forEach(send);
  const told = { set: 0, changes: 0 };
  alarms.news(told).forEach(send);
  let sent = first - 1;
  let beat = 0;
  const timer = setInterval(() => {
    if (!isOpen()) {
      clearInterval(timer);
      return;
    }
    if (trouble.kind === 'freeze') return;
    if (trouble.kind === 'repeat') {
      send(encodeBeat(trouble.since * 1000, beat));
      return;
    }
    beat += trouble.kind === 'replay' ? 0 : 1;
    send(encodeBeat(micros(), beat));
    send(encodeAnalyst(micros(), analysis.state, analysis.since));
    if (analysis.state === 'present') recordFrames(newRecords(published), false).forEach(send);
    alarms.news(told).forEach(send);
    send(roster());
    if (trouble.kind === 'beats only') return;
    const last = currentSecond() - 1;
    if (trouble.kind === 'replay') send(encodeBlocks(micros(), liveEntries(last)));
    for (; sent < last; sent += 1) send(encodeBlocks(micros(), liveEntries(sent + 1)));
  }, 1000);
}

function liveEntries(second: number): PlainEntry[] {
  return BEDS.flatMap((bed, track) => {
    if (isInTunnel(bed, second) || (trouble.kind === 'one bed' && track === 0)) return [];
    const live = entryOf(track, bed, second, 0, micros());
    const at = second % TUNNEL.every;
    if (bed.site !== 'ambulance' || at !== TUNNEL.from + TUNNEL.seconds + 3) return [live];
    const late = Array.from({ length: TUNNEL.seconds }, (_, n) =>
      entryOf(track, bed, second - TUNNEL.seconds - 3 + n, Mark.late, micros()),
    );
    return [...late, live];
  });
}

async function answerOffer(sdp: string): Promise<string> {
  const peer = new RTCPeerConnection({ iceServers: [], iceUseIpv6: false });
  let isOpen = true;
  peer.connectionStateChange.subscribe((state) => {
    isOpen &&= state !== 'closed' && state !== 'failed' && state !== 'disconnected';
  });
  peer.onDataChannel.subscribe((channel) => {
    const send = (frame: Uint8Array) => channel.send(Buffer.from(frame));
    channel.onMessage.subscribe((message) => hear(Buffer.from(message), send));
    channel.onMessage.once(() => serveWall(send, () => isOpen));
  });
  await peer.setRemoteDescription({ type: 'offer', sdp });
  await peer.setLocalDescription(await peer.createAnswer());
  return peer.localDescription?.sdp ?? '';
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const value: unknown = JSON.parse(Buffer.concat(parts).toString() || '{}');
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function isKnown(request: IncomingMessage): boolean {
  return (request.headers.cookie ?? '').includes(COOKIE);
}

async function api(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const reply = (status: number, body?: unknown, headers: Record<string, string> = {}) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  };
  const body = request.method === 'POST' ? await bodyOf(request) : {};
  switch (`${request.method} ${request.url}`) {
    case 'POST /api/login':
      if (body['name'] === 'busy') return reply(429, undefined, { 'retry-after': '3' });
      if (body['name'] !== 'demo' || body['password'] !== 'demo') return reply(401);
      return reply(204, undefined, { 'set-cookie': `${COOKIE}; HttpOnly; SameSite=Strict; Path=/` });
    case 'POST /api/logout':
      return reply(204, undefined, { 'set-cookie': 'dev-session=; Max-Age=0; Path=/' });
    case 'GET /api/me':
      return isKnown(request) ? reply(200, { name: 'demo', role: 'doctor' }) : reply(401);
    case 'POST /api/dev/analysis':
      analysis = { state: body['state'] === 'absent' ? 'absent' : 'present', since: micros() };
      return reply(204);
    case 'POST /api/dev/trouble':
      trouble = { kind: TROUBLES.find((kind) => kind === body['kind']) ?? 'none', since: Date.now() };
      return reply(204);
    case 'POST /api/dev/alarms':
      alarms.obey(body);
      return reply(204);
    case 'GET /api/dev/pid':
      return reply(200, { pid: process.pid });
    case 'POST /api/wall/offer':
      if (!isKnown(request)) return reply(401);
      return reply(200, { type: 'answer', sdp: await answerOffer(String(body['sdp'])) });
    default:
      return reply(404);
  }
}

async function asset(url: string, response: ServerResponse): Promise<void> {
  const path = normalize(url === '/' ? '/wall.html' : url);
  try {
    const bytes = await readFile(join(DIST, path));
    response.writeHead(200, {
      'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
      'content-security-policy': POLICY,
    });
    response.end(bytes);
  } catch {
    response.writeHead(404).end();
  }
}

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const done = pathname.startsWith('/api/') ? api(request, response) : asset(pathname, response);
  done.catch((error: unknown) => {
    console.error(error);
    response.writeHead(500).end();
  });
});

const sockets = new WebSocketServer({ noServer: true });
server.on('upgrade', (request, socket, head) => {
  if (request.url !== '/api/wall/socket' || !isKnown(request)) {
    socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
    return;
  }
  sockets.handleUpgrade(request, socket, head, (wall) => {
    const send = (frame: Uint8Array) => wall.send(frame);
    wall.on('message', (message: Buffer) => hear(message, send));
    wall.once('message', () => serveWall(send, () => wall.readyState === wall.OPEN));
  });
});

server.listen(PORT, '127.0.0.1', () => console.log(`dev region on http://127.0.0.1:${PORT}/ (demo / demo)`));
