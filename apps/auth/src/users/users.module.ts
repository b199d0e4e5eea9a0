import { Module } from '@nestjs/common';
import { FailurePadding } from './failure-padding.js';
import { HashQueue } from './hash-queue.js';
import { HashQueueMetrics } from './hash-queue.metrics.js';
import { PasswordCostsRepository } from './password-costs.repository.js';
import { PasswordHasher } from './password-hasher.js';
import { PasswordPolicy } from './password-policy.js';
import { UsersRepository } from './users.repository.js';
import { UsersService } from './users.service.js';

@Module({
  providers: [
    FailurePadding,
    HashQueue,
    HashQueueMetrics,
    PasswordCostsRepository,
    PasswordHasher,
    PasswordPolicy,
    UsersRepository,
    UsersService,
  ],
  exports: [PasswordHasher, PasswordPolicy, UsersRepository, UsersService],
})
export class UsersModule {}
