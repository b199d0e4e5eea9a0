import { Module } from '@nestjs/common';
import { AuditQuery } from './audit.query.js';
import { AuditRepository } from './audit.repository.js';

@Module({ providers: [AuditQuery, AuditRepository], exports: [AuditRepository] })
export class AuditModule {}
