import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { AuditQuery } from './audit.query.js';

@Module({ imports: [AuditModule], providers: [AuditQuery] })
export class AdminModule {}
