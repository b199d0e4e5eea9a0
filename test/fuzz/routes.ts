import type { App } from '../../scripts/services.ts';

/** As much of a JSON schema as says what a good value is. */
export interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly $ref?: string;
}

/** A route as the service describes it itself. */
export interface Route {
  readonly method: string;
  /** With parameters in braces: `/tasks/{id}`. */
  readonly path: string;
  readonly query: Readonly<Record<string, Schema>>;
  /** Fields of its body; none: it takes no body. */
  readonly fields: Readonly<Record<string, Schema>> | undefined;
  readonly required: readonly string[];
  /** Whether there is a way without a bearer token: nothing is asked for, or a credential of another kind. */
  readonly isPublic: boolean;
  /** Media types of its errors. */
  readonly errorTypes: readonly string[];
}

export type AppRoute = Route & { readonly app: App };

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** All routes in `/docs-json`, so that whatever is added to a service is tested too. */
export async function routesOf(url: string): Promise<Route[]> {
  const { paths, components } = (await (await fetch(`${url}/docs-json`)).json()) as Description;
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { parameters = [], requestBody, security = [], responses }]) => {
      const schema = requestBody?.content['application/json']?.schema;
      const body = components.schemas[schema?.$ref?.split('/').at(-1) ?? ''] ?? schema;
      const query = parameters.filter((parameter) => parameter.in === 'query');
      return {
        method: method.toUpperCase(),
        path,
        query: Object.fromEntries(query.map((parameter) => [parameter.name, parameter.schema])),
        fields: body && (body.properties ?? {}),
        required: body?.required ?? [],
        isPublic: security.length === 0 || security.some((credential) => !('bearer' in credential)),
        errorTypes: Object.entries(responses)
          .filter(([status]) => Number(status) >= 400)
          .flatMap(([, { content = {} }]) => Object.keys(content)),
      };
    }),
  );
}
