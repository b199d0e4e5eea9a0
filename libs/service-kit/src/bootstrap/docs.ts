import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type SecuritySchemeObject } from '@nestjs/swagger';
import { describeProblems } from '../openapi/index.js';

/** Ways to authenticate, by the name that `@ApiSecurity(name)` refers to. */
export type SecuritySchemes = Readonly<Record<string, SecuritySchemeObject>>;

/** What the OpenAPI document says of a service as a whole. */
interface DocsOptions {
  readonly name: string;
  readonly description: string;
  readonly securitySchemes?: SecuritySchemes;
}

/** Serves the OpenAPI page at `/docs` and the document at `/docs-json`. */
export function serveDocs(app: NestFastifyApplication, options: DocsOptions) {
  SwaggerModule.setup('docs', app, () => documentOf(app, options), {
    jsonDocumentUrl: 'docs-json',
    raw: ['json'],
  });
}

function documentOf(app: NestFastifyApplication, { name, description, securitySchemes = {} }: DocsOptions) {
  const builder = new DocumentBuilder()
    .setTitle(name)
    .setDescription(description)
    .setVersion('1')
    .addServer('/')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'An access token.' });
  for (const [id, scheme] of Object.entries(securitySchemes)) builder.addSecurity(id, scheme);
  return describeProblems(app, SwaggerModule.createDocument(app, builder.build()));
}
