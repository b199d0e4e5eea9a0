const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** Whose a budget is; those of `device` and `session` are their owner's alone. */
export type Partition = 'network' | 'account' | 'accountNetwork' | 'device' | 'session';

/** How often something may be done. */
export interface BudgetRule {
  /** As in the answer's headers and the table. */
  readonly name: string;
  readonly of: Partition;
  /** How many within `seconds`, and how many wrong ones before pauses begin. */
  readonly points: number;
  readonly seconds: number;
  /**
   * Of guesses: the budget stays closed for `seconds` after as many wrong ones as it has points within a day, twice
   * as long after the next one, and so on, up to this many seconds.
   */
  readonly longestPause?: number;
}

/** Which budgets a route asks, in this order: whoever is refused by one takes nothing from those behind it. */
interface Policy {
  readonly budgets: readonly BudgetRule[];
  /** In their place, for a device from which somebody has logged in to the account before. */
  readonly ofKnownDevice?: readonly BudgetRule[];
  /** Only wrong answers count in the end (`INVALID_CREDENTIALS`); everything does otherwise. */
  readonly isGuess?: true;
}

/** Someone who is logged in and shows the password once more: one budget for everything that asks for it. */
const confirmation: Policy = {
  isGuess: true,
  budgets: [{ name: 'confirm-session', of: 'session', points: 10, seconds: 30, longestPause: HOUR }],
};

/** A link from a mail: its token cannot be guessed, so that this only bounds the work. */
const link = (name: string): Policy => ({
  budgets: [{ name: `${name}-network`, of: 'network', points: 60, seconds: 10 * MINUTE }],
});

/** The limits of auth (OWASP ASVS 5.0, 6.3.1; NIST SP 800-63B-4 §3.2.2). */
export const POLICIES = {
  login: {
    isGuess: true,
    budgets: [
      { name: 'login-network', of: 'network', points: 100, seconds: 10 * MINUTE },
      { name: 'login-account-network', of: 'accountNetwork', points: 10, seconds: 30, longestPause: HOUR },
      { name: 'login-account', of: 'account', points: 30, seconds: 30, longestPause: 15 * MINUTE },
    ],
    ofKnownDevice: [
      { name: 'login-device', of: 'device', points: 10, seconds: 30, longestPause: 15 * MINUTE },
    ],
  },
  register: {
    budgets: [
      { name: 'register-network', of: 'network', points: 100, seconds: 10 * MINUTE },
      { name: 'register-account', of: 'account', points: 20, seconds: HOUR },
    ],
  },
  forgot: {
    budgets: [
      { name: 'forgot-network', of: 'network', points: 60, seconds: 10 * MINUTE },
      { name: 'forgot-account', of: 'account', points: 5, seconds: HOUR },
    ],
  },
  reset: link('reset'),
  verify: link('verify'),
  refresh: {
    budgets: [
      { name: 'refresh-network', of: 'network', points: 1200, seconds: MINUTE },
      { name: 'refresh-session', of: 'session', points: 120, seconds: MINUTE },
    ],
  },
  password: confirmation,
  remove: confirmation,
} as const satisfies Record<string, Policy>;

export type PolicyName = keyof typeof POLICIES;

export const POLICY_NAMES = Object.keys(POLICIES) as PolicyName[];

export function policyOf(name: PolicyName): Policy {
  return POLICIES[name];
}
