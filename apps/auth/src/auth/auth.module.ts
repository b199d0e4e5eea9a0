import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { MailModule } from '../mail/mail.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { UsersModule } from '../users/users.module.js';
import { AuthController } from './auth.controller.js';
import { LoginMetrics } from './login.metrics.js';
import { LoginService } from './login.service.js';

@Module({
  imports: [AuditModule, MailModule, SessionsModule, UsersModule],
  controllers: [AuthController],
  providers: [LoginMetrics, LoginService],
})
export class AuthModule {}
