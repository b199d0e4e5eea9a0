import { converse } from '../load.ts';
import { cpuOf } from '../process.ts';
import type { RefreshableSession, RefreshRound } from '../protocol.ts';
import { bareRound } from './bare-update.ts';
import type { Deployment } from './deployment.ts';

/** Some refreshes by HTTP requests to auth, and as many bare updates of other sessions by this process. */
export async function httpRound({ layer, auth, pool }: Deployment, count: number): Promise<RefreshRound> {
  const sessions = await layer.ask<RefreshableSession[]>({ ask: 'sessions', count: 2 * count });
  const half = sessions.length / 2;
  const port = Number(new URL(auth.url).port);
  const [used, since] = [await cpuOf(auth), performance.now()];
  await refreshAll(port, sessions.slice(0, half), count);
  const wall = ((performance.now() - since) * 1000) / count;
  const refresh = { wall, cpu: ((await cpuOf(auth)) - used) / count };
  return { refresh, ...(await bareRound(pool, sessions.slice(half), count)) };
}

function refreshAll(port: number, sessions: readonly RefreshableSession[], count: number): Promise<void> {
  let next = 0;
  const newClient = () => {
    let current: RefreshableSession | undefined;
    return (answer: string | undefined) => {
      if (current !== undefined && answer !== undefined) current.token = refreshTokenIn(answer);
      current = next < count ? sessions[next++ % sessions.length] : undefined;
      return current && requestFor(current);
    };
  };
  return converse(port, newClient, 200);
}

function requestFor({ token }: RefreshableSession): string {
  const body = JSON.stringify({ refresh_token: token });
  return `POST /auth/refresh HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

function refreshTokenIn(answer: string): string {
  const { refresh_token } = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) as { refresh_token: string };
  return refresh_token;
}
