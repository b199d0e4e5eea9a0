import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Caller, ServiceClientModule, type ServiceClient } from '@signet/service-client';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { CallRound, Setup } from '../protocol.js';
import { costOf } from '../refresh/bare-update.js';

const USERS = Array.from({ length: 100 }, (_, index) => `user-token-${index}-${'x'.repeat(600)}`);

let client: ServiceClient;
let url: string;

/** A service that calls another one, which `setup` says the URL of; auth stands beside it and gives any token. */
export async function startCalls({ environment = {} }: Setup): Promise<void> {
  url = environment['SERVICE_URL'] ?? '';
  const token = JSON.stringify({ access_token: 'x'.repeat(700), token_type: 'Bearer', expires_in: 3600 });
  const server = createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/json').end(token);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const authUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  @Module({
    imports: [
      ServiceClientModule.forRoot({
        services: { target: { url } },
        authUrl,
        clientId: 'bench',
        clientSecret: 'x',
      }),
    ],
  })
  class App {}
  const app = await NestFactory.createApplicationContext(App, { logger: false });
  client = app.get<ServiceClient>('SIGNET_SERVICE_target');
}

/** Some calls for users whose tokens are cached, and as many by `fetch` alone, with a token at hand. */
export async function callRound(count: number): Promise<CallRound> {
  const headers = { authorization: `Bearer ${'x'.repeat(700)}` };
  const ways = {
    bare: () => fetch(`${url}/tasks`, { headers }),
    signalled: () => fetch(`${url}/tasks`, { headers, signal: new AbortController().signal }),
    limited: () =>
      fetch(`${url}/tasks`, { headers, redirect: 'manual', signal: AbortSignal.timeout(10_000) }),
    cached: () => client.fetch('/tasks'),
  };
  const costs: Partial<Record<keyof CallRound, CallRound['bare']>> = {};
  // In another order each time, so that no way always comes after the same one.
  const order = (Object.keys(ways) as (keyof CallRound)[]).toSorted(() => Math.random() - 0.5);
  for (const way of order) {
    // All run for a user, as in a request: what remembers that is there either way.
    costs[way] = await costOf(USERS, count, (token) =>
      Caller.run({ token, headers: {} }, async () => (await ways[way]()).arrayBuffer()),
    );
  }
  return costs as CallRound;
}
