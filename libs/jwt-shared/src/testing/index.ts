export { FakeFeed } from './fake-feed.js';
export {
  FakeIssuer,
  type BearerHeaders,
  type FakeClient,
  type FakeIssuerOptions,
  type FakeUser,
} from './fake-issuer.js';
export { FeedServer } from './feed-server.js';
export { JwksServer } from './jwks-server.js';
export { SigningKey, signCompact } from './signing-key.js';
export { TestClock } from './test-clock.js';
