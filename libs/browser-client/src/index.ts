export type { ErrorCode, User } from './api.js';
export { createClient, type Client, type ClientOptions, type Credentials } from './client.js';
export { SignetError } from './signet-error.js';
