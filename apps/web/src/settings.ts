/** What auth tells the page, as JSON in its document. Auth has checked all of it. */
export interface Settings {
  readonly page: 'login' | 'register' | 'verify-email' | 'reset-password' | 'account';
  readonly service: string;
  readonly passwordMinLength: number;
  readonly verifiesEmail: boolean;
  /** `false` where there is no session to ask for. */
  readonly mayHaveSession: boolean;
  /** Where to go after a login: a whole URL of an allowed origin, or a path of this one. */
  readonly returnTo?: string;
}

export const settings = JSON.parse(document.getElementById('settings')!.textContent) as Settings;

/** The folder that all pages are in, without a slash at its end; auth's routes are below it. */
export const base = new URL('.', location.href).href.replace(/\/$/, '');

/** The address of another page, which goes on to the same place. */
export function linkTo(page: Settings['page']): string {
  const { returnTo } = settings;
  return returnTo === undefined ? page : `${page}?return_to=${encodeURIComponent(returnTo)}`;
}

/**
 * The token of the link that has led here, or nothing. Leaves the address bar and the history without it.
 */
export const linkToken = takeLinkToken();

function takeLinkToken(): string | undefined {
  const url = new URL(location.href);
  const token = url.searchParams.get('token') ?? undefined;
  if (token !== undefined) history.replaceState(null, '', url.pathname);
  return token;
}
