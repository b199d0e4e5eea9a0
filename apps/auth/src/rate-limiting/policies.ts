const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** Whose a limit is; those of `device` and `session` are their owner's alone. */
export type Partition =
  | 'network'
  /** The first 48 bits of an IPv6 address; IPv4 has no such limits. */
  | 'site'
  /** The address that the request names as its account. */
  | 'account'
  | 'accountNetwork'
  /** The user of the access token. */
  | 'user'
  /** The address that a mail goes to. */
  | 'target'
  | 'device'
  | 'session';

export interface LimitRule {
  /** As in the answer's headers and the table; rules of the same name share their count. */
  readonly name: string;
  readonly of: Partition;
  /** How many within `seconds`, and how many wrong ones before pauses begin. */
  readonly points: number;
  readonly seconds: number;
  /**
   * What stays counted: every attempt; only wrong guesses (`INVALID_CREDENTIALS`); or only what succeeded, where the
   * work that success leads to is what is limited.
   */
  readonly counts: 'attempts' | 'wrong' | 'right';
  /**
   * Of guesses: the limit stays closed for `seconds` after as many wrong ones as it has points within a day, twice
   * as long after the next one, and so on, up to this many seconds.
   */
  readonly longestPause?: number;
}

/** Which limits a route asks, in this order: a request that one of them refuses consumes none. */
interface Policy {
  readonly limits: readonly LimitRule[];
  /** In their place, for a device from which somebody has logged in to the account before. */
  readonly ofKnownDevice?: readonly LimitRule[];
}

type Rule = Omit<LimitRule, 'name' | 'of' | 'counts'>;

/** Guesses: a right one gives back what it took. */
const guesses = (name: string, of: Partition, rule: Rule): LimitRule => {
  return { name, of, counts: 'wrong', ...rule };
};

const counting =
  (counts: LimitRule['counts']) =>
  (name: string, of: Partition, points: number, seconds: number): LimitRule => {
    return { name, of, counts, points, seconds };
  };

const attempts = counting('attempts');
/** Work that success leads to: a wrong guess gives back what it took, so that strangers cannot use it up. */
const work = counting('right');

/** A network and, in IPv6, the site that it belongs to: one site has 65,536 networks to change between. */
const networks = (rule: LimitRule, sitePoints: number): LimitRule[] => [
  rule,
  { ...rule, name: rule.name.replace('network', 'site'), of: 'site', points: sitePoints },
];

/** Mails to one address, for whatever reason and whoever asks for them. */
const mailsToTarget = (counts: 'attempts' | 'right'): LimitRule => ({
  ...attempts('mail-target', 'target', 20, HOUR),
  counts,
});

const loginWork = work('login-work-account', 'account', 120, MINUTE);

/** Someone who is logged in and shows the password once more: one limit for everything that asks for it. */
const confirmation: readonly LimitRule[] = [
  guesses('confirm-session', 'session', { points: 10, seconds: 30, longestPause: HOUR }),
  work('confirm-work-user', 'user', 30, HOUR),
];

/** A link from a mail: its token cannot be guessed, so that this only bounds the work. */
const link = (name: string): Policy => ({
  limits: networks(attempts(`${name}-network`, 'network', 60, 10 * MINUTE), 80),
});

/** The limits of auth (OWASP ASVS 5.0, 6.3.1; NIST SP 800-63B-4 §3.2.2). */
export const POLICIES = {
  login: {
    limits: [
      ...networks(guesses('login-network', 'network', { points: 100, seconds: 10 * MINUTE }), 120),
      guesses('login-account-network', 'accountNetwork', { points: 10, seconds: 30, longestPause: HOUR }),
      guesses('login-account', 'account', { points: 30, seconds: 30, longestPause: 15 * MINUTE }),
      loginWork,
      ...networks(work('login-work-network', 'network', 600, MINUTE), 1200),
    ],
    ofKnownDevice: [
      guesses('login-device', 'device', { points: 10, seconds: 30, longestPause: 15 * MINUTE }),
      loginWork,
    ],
  },
  register: {
    limits: [
      ...networks(attempts('register-network', 'network', 100, 10 * MINUTE), 120),
      attempts('register-account', 'account', 20, HOUR),
      mailsToTarget('attempts'),
    ],
  },
  forgot: {
    limits: [
      ...networks(attempts('forgot-network', 'network', 60, 10 * MINUTE), 80),
      attempts('forgot-account', 'account', 5, HOUR),
      mailsToTarget('attempts'),
    ],
  },
  reset: link('reset'),
  verify: link('verify'),
  refresh: {
    limits: [
      ...networks(attempts('refresh-network', 'network', 1200, MINUTE), 4800),
      attempts('refresh-session', 'session', 120, MINUTE),
    ],
  },
  password: { limits: confirmation },
  remove: { limits: confirmation },
  email: {
    limits: [
      ...confirmation,
      ...networks(work('email-network', 'network', 60, 10 * MINUTE), 80),
      work('email-user', 'user', 5, HOUR),
      mailsToTarget('right'),
    ],
  },
  export: { limits: [...confirmation, work('export-user', 'user', 5, HOUR)] },
  /** The link that a login sends where the address has to be verified first. */
  verification: { limits: [attempts('verification-account', 'account', 5, HOUR), mailsToTarget('attempts')] },
  /** The link that an administrator has sent to a user. */
  administration: { limits: [mailsToTarget('attempts')] },
} as const satisfies Record<string, Policy>;

export type PolicyName = keyof typeof POLICIES;

export const POLICY_NAMES = Object.keys(POLICIES) as PolicyName[];

export function policyOf(name: PolicyName): Policy {
  return POLICIES[name];
}
