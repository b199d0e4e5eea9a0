import { MetricsRegistry } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { KeyRingService } from './key-ring.service.js';

/** What operators see of the key ring. */
@Injectable()
export class KeyMetrics {
  constructor(metrics: MetricsRegistry, ring: KeyRingService) {
    metrics.gauge('signing_key_age_seconds', 'Age of the key that signs; 0: none', () => ring.signerAge());
    metrics.gauge('signing_keys_published', 'Keys in the JWK set', () => ring.jwks().keys.length);
  }
}
