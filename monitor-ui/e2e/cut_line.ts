/**
 * The line between the browser and the region, which a test can cut.
 *
 * Everything goes through it as bytes: HTTP and WebSocket over TCP, and the data channel's
 * datagrams, because the region's candidates are rewritten to its own ports. Cut, it swallows
 * what comes and says nothing: the way a network is lost, where no socket is closed politely.
 */
import { createSocket } from 'node:dgram';
import type { Socket as DatagramSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A line to one region. */
export class CutLine {
  readonly #target: URL;
  readonly #server: Server;
  readonly #streams = new Set<Socket>();
  readonly #datagrams = new Set<DatagramSocket>();
  #state: 'whole' | 'cut' = 'whole';

  private constructor(target: URL) {
    this.#target = target;
    this.#server = createServer((near) => this.#join(near));
  }

  /** Lays a line to the region at `target`. */
  static async lay(target: string): Promise<CutLine> {
    const line = new CutLine(new URL(target));
    await new Promise<void>((resolve) => line.#server.listen(0, '127.0.0.1', resolve));
    return line;
  }

  /** The address at which the browser reaches the region through the line. */
  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `${this.#target.protocol}//127.0.0.1:${port}`;
  }

  /** Swallows everything from now on. */
  cut(): void {
    this.#state = 'cut';
    for (const stream of this.#streams) stream.pause();
  }

  /** Passes everything again, also what the cut held back. */
  mend(): void {
    this.#state = 'whole';
    for (const stream of this.#streams) stream.resume();
  }

  /** Closes what is connected now, as a restarted region would. */
  drop(): void {
    for (const stream of this.#streams) stream.destroy();
  }

  /** Takes the line away. */
  remove(): void {
    this.drop();
    this.#server.close();
    for (const socket of this.#datagrams) socket.close();
  }

  /** An answer whose UDP candidates lead through the line. */
  async through(sdp: string): Promise<string> {
    const lines = await Promise.all(sdp.split('\r\n').map((line) => this.#candidate(line)));
    return lines.filter((line) => line !== undefined).join('\r\n');
  }

  #join(near: Socket): void {
    const far = connect(Number(this.#target.port), this.#target.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#streams.add(from);
      if (this.#state === 'cut') from.pause();
      from.on('data', (bytes) => to.write(bytes));
      from.on('end', () => to.end());
      from.on('error', () => to.destroy());
      from.on('close', () => this.#streams.delete(from));
    }
  }

  /** Rewrites one candidate; TCP candidates are left out, since they would pass the line by. */
  async #candidate(line: string): Promise<string | undefined> {
    const parts = /^(a=candidate:\S+ \d+ )(\w+)( \d+ )(\S+) (\d+)( .*)$/.exec(line);
    if (parts === null) return line;
    const [, head = '', protocol = '', priority = '', host = '', port = '', tail = ''] = parts;
    if (protocol.toLowerCase() !== 'udp' || host.includes(':')) return undefined;
    const relay = await this.#relay(host, Number(port));
    return `${head}${protocol}${priority}127.0.0.1 ${relay}${tail}`;
  }

  async #relay(host: string, port: number): Promise<number> {
    const near = await this.#bound();
    const browsers = new Map<string, Promise<DatagramSocket>>();
    near.on('message', (bytes, from) => {
      const key = `${from.address}:${from.port}`;
      let far = browsers.get(key);
      if (far === undefined) {
        far = this.#bound().then((socket) =>
          socket.on('message', (answer) => this.#pass(near, answer, from.port, from.address)),
        );
        browsers.set(key, far);
      }
      void far.then((socket) => this.#pass(socket, bytes, port, host));
    });
    return near.address().port;
  }

  #pass(socket: DatagramSocket, bytes: Buffer, port: number, host: string): void {
    if (this.#state === 'whole') socket.send(bytes, port, host);
  }

  async #bound(): Promise<DatagramSocket> {
    const socket = createSocket('udp4');
    this.#datagrams.add(socket);
    await new Promise<void>((resolve) => socket.bind(0, '0.0.0.0', resolve));
    return socket;
  }
}
