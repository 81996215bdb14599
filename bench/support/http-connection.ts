import { connect, type Socket } from 'node:net';

export interface Answer {
  status: number;
  /** Names in lower case. */
  headers: ReadonlyMap<string, string>;
  body: Buffer;
}

export interface Ask {
  method: string;
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: Uint8Array | string;
}

const NONE = Buffer.alloc(0);
const END_OF_HEAD = Buffer.from('\r\n\r\n');

/**
 * One kept-alive HTTP/1.1 connection, one request at a time. It does no more than a benchmark needs, so that the time
 * measured is the server's; answers must bring their length.
 */
export class HttpConnection {
  readonly #socket: Socket;
  #received: Buffer[] = [];
  #waiting: { resolve(answer: Answer): void; reject(error: Error): void } | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', chunk => this.#take(chunk));
    socket.on('error', error => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('The server closed the connection')));
  }

  /** @param url `http://127.0.0.1:8080` */
  static open(url: string): Promise<HttpConnection> {
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname);
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.removeListener('error', reject);
        resolve(new HttpConnection(socket));
      });
    });
  }

  ask({ method, path, headers = {}, body = '' }: Ask): Promise<Answer> {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const length = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
    const sized = method === 'GET' ? '' : `content-length: ${length}\r\n`;
    const head = `${method} ${path} HTTP/1.1\r\nhost: bench\r\n${lines.join('')}${sized}\r\n`;
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      if (typeof body === 'string') this.#socket.write(head + body);
      else this.#socket.write(Buffer.concat([Buffer.from(head), body]));
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#received.push(chunk);
    const [first, ...more] = this.#received;
    if (first === undefined) return;
    // A long body is put together once, not with each piece.
    const head = more.length === 0 || this.#wanted === undefined ? this.#readHead() : this.#head;
    if (head === undefined || this.#length() < (this.#wanted ?? 0)) return;
    const whole = this.#received.length === 1 ? first : Buffer.concat(this.#received);
    const body = whole.subarray(head.end, this.#wanted);
    this.#received = [];
    this.#head = undefined;
    this.#wanted = undefined;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve({ status: head.status, headers: head.headers, body: body.length === 0 ? NONE : body });
  }

  #head: { status: number; headers: Map<string, string>; end: number } | undefined;
  /** Bytes of head and body. */
  #wanted: number | undefined;

  #length(): number {
    return this.#received.reduce((sum, part) => sum + part.length, 0);
  }

  #readHead() {
    const bytes = this.#received.length === 1 ? this.#received[0] : Buffer.concat(this.#received);
    const at = bytes?.indexOf(END_OF_HEAD) ?? -1;
    if (bytes === undefined || at < 0) return undefined;
    const [line = '', ...fields] = bytes.toString('latin1', 0, at).split('\r\n');
    const headers = new Map(
      fields.map(field => {
        const colon = field.indexOf(':');
        return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()] as const;
      }),
    );
    const status = Number(line.split(' ')[1]);
    const length = headers.get('content-length');
    if (length === undefined && status !== 304 && status !== 204) {
      this.#fail(new Error(`The answer ${line} has no length`));
      return undefined;
    }
    const end = at + END_OF_HEAD.length;
    this.#wanted = end + (status === 304 ? 0 : Number(length ?? 0));
    this.#head = { status, headers, end };
    return this.#head;
  }

  #fail(error: Error): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#socket.destroy();
    waiting?.reject(error);
  }
}
