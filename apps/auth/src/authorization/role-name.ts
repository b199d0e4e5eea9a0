/** ASCII, so that no two roles look alike; the table checks it too. */
export const ROLE_NAME = /^[a-z][a-z0-9:._-]{0,62}$/;

/** A scope as RFC 6749 §3.3 has it, at most 64 characters. */
export const SCOPE = /^[\x21\x23-\x5B\x5D-\x7E]{1,64}$/;

/** The role that administers auth. It cannot be removed, and the last user who has it keeps it. */
export const ADMIN = 'admin';

/** Scopes of one role at most. */
export const MAX_SCOPES = 64;
/** Roles of one user at most. */
export const MAX_ROLES = 32;
/** Roles that there are at most. */
export const MAX_DEFINED_ROLES = 500;
