import { createServer, type Socket } from 'node:net';

export interface ReceivedMail {
  from: string;
  to: string[];
  /** Headers and body as they came, dots unstuffed. */
  text: string;
}

/** A mail server on this machine that keeps what it is given (RFC 5321: EHLO, MAIL, RCPT, DATA, RSET, QUIT). */
export async function startSmtpSink(): Promise<{
  port: number;
  mails: ReceivedMail[];
  /** The next that many messages are answered with this code instead of being taken. */
  refuse: (code: number, times: number) => void;
  stop: () => void;
}> {
  const mails: ReceivedMail[] = [];
  const refusal = { code: 0, times: 0 };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    converse(socket, (mail) => {
      if (refusal.times === 0) return mails.push(mail) && 250;
      refusal.times--;
      return refusal.code;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    mails,
    refuse: (code, times) => Object.assign(refusal, { code, times }),
    stop: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function converse(socket: Socket, take: (mail: ReceivedMail) => number): void {
  let [from, to, data, buffered]: [string, string[], string[] | null, string] = ['', [], null, ''];
  const say = (line: string) => socket.write(`${line}\r\n`);
  const addressOf = (line: string) => /<([^>]*)>/.exec(line)?.[1] ?? '';
  const onLine = (line: string) => {
    if (data) {
      if (line !== '.') return void data.push(line.startsWith('.') ? line.slice(1) : line);
      const code = take({ from, to, text: data.join('\n') });
      [data, to] = [null, []];
      return void say(code === 250 ? '250 taken' : `${code} not now`);
    }
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO') say('250-sink\r\n250 8BITMIME');
    else if (verb === 'MAIL') {
      from = addressOf(line);
      say('250 ok');
    } else if (verb === 'RCPT') {
      to.push(addressOf(line));
      say('250 ok');
    } else if (verb === 'DATA') {
      data = [];
      say('354 go on');
    } else if (verb === 'RSET') say('250 ok');
    else if (verb === 'QUIT') {
      say('221 bye');
      socket.end();
    } else say('502 unknown');
  };
  say('220 sink ESMTP');
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    buffered += chunk;
    const lines = buffered.split('\r\n');
    buffered = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
}
