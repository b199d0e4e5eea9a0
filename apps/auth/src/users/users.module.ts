import { Module } from '@nestjs/common';
import { FailurePaddingService } from './failure-padding.service.js';
import { HashQueueService } from './hash-queue.service.js';
import { PasswordHasherService } from './password-hasher.service.js';
import { PasswordPolicyService } from './password-policy.service.js';
import { UsersRepository } from './users.repository.js';
import { UsersService } from './users.service.js';

@Module({
  providers: [
    FailurePaddingService,
    HashQueueService,
    PasswordHasherService,
    PasswordPolicyService,
    UsersRepository,
    UsersService,
  ],
  exports: [PasswordHasherService, PasswordPolicyService, UsersRepository, UsersService],
})
export class UsersModule {}
