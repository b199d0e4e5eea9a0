import { Module } from '@nestjs/common';
import { createSecretKey } from 'node:crypto';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { KeyRing } from '../keys/key-ring.js';
import { KeysModule } from '../keys/keys.module.js';
import { AccessTokenIssuer } from './access-token.issuer.js';
import { JwsSigner, typOf } from './jws-signer.js';
import { Signers } from './signers.js';

@Module({
  imports: [KeysModule],
  providers: [
    AccessTokenIssuer,
    {
      provide: Signers,
      inject: [authConfig.KEY, KeyRing],
      useFactory: (config: AuthConfig, ring: KeyRing): Signers =>
        config.JWT_ALGORITHM === 'HS256' ? sharedSecret(config) : ring,
    },
  ],
  exports: [AccessTokenIssuer],
})
export class TokensModule {}

/** A `KeyObject`, as importing a string on every signature costs more than the signature. */
function sharedSecret({ JWT_SECRET = '', JWT_PROFILE }: AuthConfig): Signers {
  const key = createSecretKey(Buffer.from(JWT_SECRET, 'utf8'));
  const signer = new JwsSigner({ algorithm: 'HS256', key, typ: typOf(JWT_PROFILE) });
  return { current: () => signer };
}
