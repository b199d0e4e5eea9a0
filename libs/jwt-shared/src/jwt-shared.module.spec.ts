import { expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { JwtSharedModule } from './jwt-shared.module.js';

it('fetches the keys when one has been revoked, and not before', async () => {
  let fetched = 0;
  let revoked = (): void => undefined;
  const module = await Test.createTestingModule({
    imports: [
      JwtSharedModule.forRootAsync({
        useFactory: () => ({
          verifier: {
            algorithm: 'ES256',
            issuer: 'a',
            audiences: ['b'],
            profile: 'rfc9068',
            clockTolerance: 5,
          },
          keys: { find: () => [], isTrusted: () => false, refresh: async () => void fetched++ },
          revocations: { isRevoked: () => false, onKeyRevoked: (listener) => void (revoked = listener) },
        }),
      }),
    ],
  }).compile();
  await module.init();
  expect(fetched).toBe(0);
  revoked();
  expect(fetched).toBe(1);
  await module.close();
});
