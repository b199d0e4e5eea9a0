import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { RecoveryModule } from '../recovery/recovery.module.js';
import { RevocationModule } from '../revocation/revocation.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { UsersModule } from '../users/users.module.js';
import { AccountController } from './account.controller.js';
import { AccountService } from './account.service.js';
import { AuthController } from './auth.controller.js';
import { ExportService } from './export.service.js';
import { LoginMetrics } from './login.metrics.js';
import { LoginService } from './login.service.js';

@Module({
  imports: [AuditModule, UsersModule, SessionsModule, RecoveryModule, RevocationModule],
  controllers: [AuthController, AccountController],
  providers: [AccountService, ExportService, LoginMetrics, LoginService],
})
export class AuthModule {}
