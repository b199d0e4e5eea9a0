import { Module } from '@nestjs/common';
import { AuditModule } from '../../audit/audit.module.js';
import { AddressReportService } from './address-report.service.js';
import { ExportService } from './export.service.js';
import { ImportRepository } from './import.repository.js';
import { ImportService } from './import.service.js';

/** People who come from another system, or go to one: for the operator only. */
@Module({
  imports: [AuditModule],
  providers: [AddressReportService, ExportService, ImportRepository, ImportService],
})
export class TransferModule {}
