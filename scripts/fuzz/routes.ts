import { request } from '../http.js';
import type { RunningService } from '../service.js';

/** As much of a JSON schema as says what a good value is. */
export interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly $ref?: string;
}

/** A route as the service describes it itself. */
export interface Route {
  readonly method: string;
  /** With parameters in braces: `/tasks/{id}`. */
  readonly path: string;
  readonly query: readonly string[];
  /** Fields of its body; none: it takes no body. */
  readonly fields: Readonly<Record<string, Schema>> | undefined;
}

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** All routes in `/docs-json`, so that whatever is added to a service is tested too. */
export async function routesOf({ url }: RunningService): Promise<Route[]> {
  const { body } = await request<Description>('GET', `${url}/docs-json`);
  const schemas = body.components.schemas;
  return Object.entries(body.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { parameters = [], requestBody }]) => {
      const schema = requestBody?.content['application/json']?.schema;
      const named = schemas[schema?.$ref?.split('/').at(-1) ?? ''];
      return {
        method: method.toUpperCase(),
        path,
        query: parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name),
        fields: schema && (named ?? schema).properties,
      };
    }),
  );
}
