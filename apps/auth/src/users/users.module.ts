import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { HashQueue } from './hash-queue.js';
import { PasswordHasher } from './password-hasher.js';
import { UsersRepository } from './users.repository.js';
import { UsersService } from './users.service.js';

@Module({
  imports: [AuditModule],
  providers: [HashQueue, PasswordHasher, UsersRepository, UsersService],
  exports: [PasswordHasher, UsersRepository, UsersService],
})
export class UsersModule {}
