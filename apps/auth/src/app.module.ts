import { cacheLimits, JwtSharedModule, keySource, verifierOptions } from '@signet/jwt-shared';
import { ServiceKitModule } from '@signet/service-kit';
import { Module } from '@nestjs/common';
import { AdminModule } from './admin/admin.module.js';
import { AccountsModule } from './accounts/accounts.module.js';
import { AuthModule } from './auth/auth.module.js';
import { AdminClientsModule } from './clients/admin/admin-clients.module.js';
import { OAuthModule } from './clients/oauth/oauth.module.js';
import { authConfig, type AuthConfig } from './config/auth.config.js';
import { ExpiryModule } from './expiry/expiry.module.js';
import { PagesModule } from './pages/pages.module.js';
import { RateLimitingModule } from './rate-limiting/rate-limiting.module.js';
import { LiveRevocationsService } from './revocation/live-revocations.service.js';
import { RevocationFeedModule } from './revocation/revocation-feed.module.js';
import { RevocationModule } from './revocation/revocation.module.js';
import { SERVICE } from './service.options.js';
import { AuthGuard } from './sessions/auth.guard.js';
import { SessionsModule } from './sessions/sessions.module.js';
import { KeyRingService } from './signing/key-ring.service.js';
import { SharedSignalsModule } from './shared-signals/shared-signals.module.js';
import { SigningModule } from './signing/signing.module.js';

@Module({
  imports: [
    ServiceKitModule.forRoot(SERVICE),
    JwtSharedModule.forRootAsync({
      guard: AuthGuard,
      imports: [SigningModule, RevocationModule, SessionsModule],
      inject: [authConfig.KEY, KeyRingService, LiveRevocationsService],
      useFactory: (config: AuthConfig, ring: KeyRingService, revocations: LiveRevocationsService) => ({
        verifier: { ...verifierOptions(config), audiences: [config.JWT_OWN_AUDIENCE] },
        cache: cacheLimits(config),
        keys: config.JWT_ALGORITHM === 'HS256' ? keySource(config) : ring,
        revocations,
      }),
    }),
    RateLimitingModule,
    AccountsModule,
    AdminModule,
    AuthModule,
    AdminClientsModule,
    OAuthModule,
    SessionsModule,
    RevocationFeedModule,
    SigningModule,
    SharedSignalsModule,
    ExpiryModule,
    PagesModule,
  ],
})
export class AppModule {}
