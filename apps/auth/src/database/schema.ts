export { rateLimits } from '../abuse/rate-limits.table.js';
export { auditEvents } from '../audit/audit.table.js';
export { signingKeys } from '../keys/signing-keys.table.js';
export { mails } from '../mail/mails.table.js';
export { oneTimeTokens } from '../recovery/one-time-tokens.table.js';
export { revocations } from '../revocation/revocations.table.js';
export { sessions } from '../sessions/sessions.table.js';
export { users } from '../users/users.table.js';
