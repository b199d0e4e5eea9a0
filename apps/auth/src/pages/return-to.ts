const LONGEST = 2048;

/**
 * Where a visitor may go after logging in: a URL of an allowed origin, or a path of this service. Anything else is
 * no place to send anybody to, so that a link to the login page cannot lead to another site (CWE-601).
 *
 * @param value as the address of the login page has it
 * @param publicUrl where the pages are; relative values start from there
 * @param origins that may be gone to besides
 * @returns a path for this service's own origin, the whole URL for another, nothing for what is not allowed
 */
export function allowedReturnTo(
  value: string | null,
  publicUrl: string,
  origins: readonly string[],
): string | undefined {
  if (value === null || value.length > LONGEST) return undefined;
  const url = URL.parse(value, `${publicUrl.replace(/\/+$/, '')}/`);
  if (url === null || url.username !== '' || url.password !== '') return undefined;
  const { origin, pathname, search, hash } = url;
  // Two slashes would be another host to whoever reads the path as a URL.
  if (origin === new URL(publicUrl).origin) return (pathname + search + hash).replace(/^\/+/, '/');
  return /^https?:$/.test(url.protocol) && origins.includes(origin) ? url.href : undefined;
}
