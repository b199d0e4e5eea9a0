import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { RevocationModule } from '../revocation/revocation.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { UsersModule } from '../users/users.module.js';
import { AccountController } from './account.controller.js';
import { AccountService } from './account.service.js';
import { AuthController } from './auth.controller.js';
import { LoginService } from './login.service.js';

@Module({
  imports: [AuditModule, UsersModule, SessionsModule, RevocationModule],
  controllers: [AuthController, AccountController],
  providers: [AccountService, LoginService],
})
export class AuthModule {}
