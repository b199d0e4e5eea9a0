import { connect } from 'node:net';

/** Sends bytes as they stand, as no client library would, and reads until the other side is done. */
export async function sendRaw(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(bytes);
  let text = '';
  try {
    for await (const chunk of socket.setEncoding('utf8')) text += String(chunk);
  } catch {
    // Cut off: what has come until then is the answer.
  }
  return text;
}
