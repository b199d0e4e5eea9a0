import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type SecuritySchemeObject } from '@nestjs/swagger';
import { describeProblems } from '../openapi/index.js';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { operationsPaths } from './operations-paths.js';

/** What the OpenAPI document says of a service as a whole. */
export interface DocsOptions {
  /** Lower case, as in logs and metrics: `auth`. */
  readonly name: string;
  /** One sentence. */
  readonly description: string;
  /** Credentials besides the bearer token, by the name that `@ApiSecurity(name)` refers to. */
  readonly securitySchemes?: Readonly<Record<string, SecuritySchemeObject>>;
}

const BUNDLE = 'swagger-ui-bundle.js';
const STYLES = 'swagger-ui.css';
const TYPES: Readonly<Record<string, string>> = {
  [BUNDLE]: 'text/javascript; charset=utf-8',
  [STYLES]: 'text/css; charset=utf-8',
};
const INIT = `SwaggerUIBundle({
  url: new URL('../docs-json', document.currentScript.src).href,
  dom_id: '#swagger-ui',
  deepLinking: true,
});
`;

/**
 * Serves the OpenAPI page at `/docs` and the document at `/docs-json`. Everything comes from memory: a file that is
 * opened for each request is one that a few connections can use up.
 */
export function serveDocs(app: NestFastifyApplication, options: DocsOptions): void {
  const fastify = app.getHttpAdapter().getInstance();
  const html = 'text/html; charset=utf-8';
  fastify.get('/docs', (_request, reply) => reply.type(html).send(page(options.name, './docs')));
  fastify.get('/docs/', (_request, reply) => reply.type(html).send(page(options.name, '.')));
  fastify.get('/docs/swagger-ui-init.js', (_request, reply) => reply.type(TYPES[BUNDLE]!).send(INIT));
  for (const [name, type] of Object.entries(TYPES)) {
    const content = once(() => readFileSync(join(assetsFolder(), name)));
    fastify.get(`/docs/${name}`, (_request, reply) => reply.type(type).send(content()));
  }
  const document = once(() => JSON.stringify(documentOf(app, options)));
  fastify.get('/docs-json', (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(document()),
  );
}

/** The page as it looks from its address: paths are relative, so that it may stand below a prefix of a proxy. */
function page(name: string, folder: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${name}: HTTP API</title>
    <link rel="stylesheet" href="${folder}/${STYLES}" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="${folder}/${BUNDLE}"></script>
    <script src="${folder}/swagger-ui-init.js"></script>
  </body>
</html>
`;
}

function assetsFolder(): string {
  return dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
}

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

function documentOf(app: NestFastifyApplication, { name, description, securitySchemes = {} }: DocsOptions) {
  const builder = new DocumentBuilder()
    .setTitle(name)
    .setDescription(description)
    .setVersion('1')
    .addServer('/')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'An access token.' });
  for (const [id, scheme] of Object.entries(securitySchemes)) builder.addSecurity(id, scheme);
  const document = SwaggerModule.createDocument(app, builder.build());
  document.paths = { ...operationsPaths(), ...document.paths };
  return describeProblems(app, document);
}
