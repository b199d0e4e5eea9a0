import { Ajv, type ValidateFunction } from 'ajv';
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
  readonly answers: Answers;
}

/** What is wrong with a body, by status and media type; nothing: it is as described. */
export type Answers = Readonly<
  Record<string, Readonly<Record<string, (body: unknown) => string | undefined>>>
>;

export type AppRoute = Route & { readonly app: App };

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

/** As much of `/docs-json` as says what may be asked, and what is answered. */
export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** All routes in `/docs-json`, so that whatever is added to a service is tested too. */
export async function routesOf(url: string): Promise<Route[]> {
  return routesIn((await (await fetch(`${url}/docs-json`)).json()) as Description);
}

export function routesIn(description: Description): Route[] {
  const { paths, components } = description;
  const validator = new Ajv({ strict: false, validateSchema: false, validateFormats: false });
  validator.addSchema(description, 'api');
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
        answers: answersOf(validator, ['paths', path, method, 'responses'], responses),
      };
    }),
  );
}

function answersOf(validator: Ajv, place: readonly string[], responses: Operation['responses']): Answers {
  return mapped(responses, (status, { content = {} }) =>
    mapped(content, (type) => {
      let validate: ValidateFunction | undefined;
      return (body) => {
        validate ??= validator.compile({ $ref: pointer([...place, status, 'content', type, 'schema']) });
        return validate(body) ? undefined : validator.errorsText(validate.errors);
      };
    }),
  );
}

function mapped<T, Result>(
  record: Readonly<Record<string, T>>,
  change: (name: string, value: T) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(name, value)]));
}

/** RFC 6901 §6, into the description. */
function pointer(path: readonly string[]): string {
  const parts = path.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')));
  return `api#/${parts.join('/')}`;
}
