import type { ApiResponseNoStatusOptions, SchemaObject } from '@nestjs/swagger';

const SCHEMA: SchemaObject = {
  type: 'object',
  required: ['error', 'error_description'],
  properties: {
    error: { type: 'string', example: 'invalid_client', description: 'RFC 6749 §5.2, RFC 8693 §2.2.2.' },
    error_description: { type: 'string', description: 'For the developer of the client.' },
  },
};

/** How the document describes an {@link OAuthError}, which is no problem details. */
export function oauthErrorResponse(description: string): ApiResponseNoStatusOptions {
  return { description, content: { 'application/json': { schema: SCHEMA } } };
}
