import { Module } from '@nestjs/common';
import { createSecretKey } from 'node:crypto';
import { AuditModule } from '../audit/audit.module.js';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { RevocationModule } from '../revocation/revocation.module.js';
import { AccessTokenIssuer } from './access-token.issuer.js';
import { JwsSigner, typOf, SignerSource } from './jws-signer.js';
import { KeyEncryptionService } from './key-encryption.service.js';
import { KeyRingService } from './key-ring.service.js';
import { KeyRotationService } from './key-rotation.service.js';
import { KeyScheduleService } from './key-schedule.service.js';
import { SigningKeysRepository } from './signing-keys.repository.js';
import { SigningKeysService } from './signing-keys.service.js';
import { WellKnownController } from './well-known.controller.js';

@Module({
  imports: [AuditModule, RevocationModule],
  controllers: [WellKnownController],
  providers: [
    AccessTokenIssuer,
    KeyEncryptionService,
    KeyRingService,
    KeyRotationService,
    KeyScheduleService,
    SigningKeysRepository,
    SigningKeysService,
    {
      provide: SignerSource,
      inject: [authConfig.KEY, KeyRingService],
      useFactory: (config: AuthConfig, ring: KeyRingService): SignerSource =>
        config.JWT_ALGORITHM === 'HS256' ? sharedSecret(config) : ring,
    },
  ],
  exports: [AccessTokenIssuer, KeyRingService, SigningKeysRepository, SigningKeysService],
})
export class SigningModule {}

/** A `KeyObject`, as importing a string on every signature costs more than the signature. */
function sharedSecret({ JWT_SECRET = '', JWT_PROFILE }: AuthConfig): SignerSource {
  const key = createSecretKey(Buffer.from(JWT_SECRET, 'utf8'));
  const signer = new JwsSigner({ algorithm: 'HS256', key, typ: typOf(JWT_PROFILE) });
  return { current: () => signer };
}
