import { Module } from '@nestjs/common';
import { RevocationModule } from '../revocation/revocation.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { UsersModule } from '../users/users.module.js';
import { AccountController } from './account.controller.js';
import { AccountService } from './account.service.js';
import { AuthController } from './auth.controller.js';
import { LoginMetrics } from './login.metrics.js';
import { LoginService } from './login.service.js';

@Module({
  imports: [UsersModule, SessionsModule, RevocationModule],
  controllers: [AuthController, AccountController],
  providers: [AccountService, LoginMetrics, LoginService],
})
export class AuthModule {}
