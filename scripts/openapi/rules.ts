interface Media {
  readonly schema?: unknown;
}
interface Response {
  readonly content?: Readonly<Record<string, Media>>;
}
interface Operation {
  readonly summary?: string;
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> };
  readonly responses: Readonly<Record<string, Response>>;
}
export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

const WITHOUT_BODY = new Set(['204', '302', '303', '304']);
/** RFC 7009 §2.2: an answer without a body. */
const EMPTY = 'POST /oauth/revoke';

/** What a document leaves open that a client has to know, one line for each gap. */
export function gapsIn({ paths }: OpenApiDocument): string[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, operation]) =>
      gapsOf(`${method.toUpperCase()} ${path}`, operation),
    ),
  );
}

function gapsOf(route: string, { summary, security, requestBody, responses }: Operation): string[] {
  const gaps: string[] = [];
  if (!summary) gaps.push('no summary');
  for (const [status, { content }] of Object.entries(responses)) {
    if (WITHOUT_BODY.has(status) || (route === EMPTY && status === '200')) continue;
    const media = Object.values(content ?? {});
    if (media.length === 0 || media.some(({ schema }) => schema === undefined))
      gaps.push(`${status} has no schema`);
  }
  if (!Object.keys(responses).some((status) => /^[23]/.test(status))) gaps.push('no success');
  const needsToken =
    security?.some((way) => 'bearer' in way) && !security.some((way) => Object.keys(way).length === 0);
  const isJson = requestBody !== undefined && 'application/json' in requestBody.content;
  const expected = [
    ...(route.endsWith('/health/live') ? [] : ['503']),
    ...(needsToken ? ['401'] : []),
    ...(requestBody ? ['400', '413'] : []),
    ...(isJson ? ['415'] : []),
  ];
  gaps.push(...expected.filter((status) => !(status in responses)).map((status) => `${status} is missing`));
  return gaps.map((gap) => `${route}: ${gap}`);
}
