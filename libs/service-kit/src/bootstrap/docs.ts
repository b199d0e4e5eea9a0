import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { describeProblems } from '../openapi/index.js';

/** Serves the OpenAPI page at `/docs` and the document at `/docs-json`. */
export function serveDocs(
  app: NestFastifyApplication,
  { name, description }: { name: string; description: string },
) {
  const config = new DocumentBuilder()
    .setTitle(name)
    .setDescription(description)
    .setVersion('1')
    .addServer('/')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'An access token.' })
    .build();
  SwaggerModule.setup('docs', app, () => describeProblems(app, SwaggerModule.createDocument(app, config)), {
    jsonDocumentUrl: 'docs-json',
    raw: ['json'],
  });
}
