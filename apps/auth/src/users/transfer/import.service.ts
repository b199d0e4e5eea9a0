import { InjectDatabase, type Database } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { AuditRepository } from '../../audit/audit.repository.js';
import type { Verdict } from './compare.js';
import { ImportBatch } from './import-batch.js';
import { ImportRepository, type ImportTarget } from './import.repository.js';
import { rowsOf } from './rows.js';

export type ImportCounts = Record<Verdict['result'], number>;

/** Is told of every row, in the order of the file. */
export type ImportObserver = (line: number, verdict: Verdict, counts: Readonly<ImportCounts>) => void;

/** Brings people along from another system: accounts are added, and never changed. */
@Injectable()
export class ImportService {
  constructor(
    private readonly repository: ImportRepository,
    private readonly audit: AuditRepository,
    @InjectDatabase() private readonly db: Database,
  ) {}

  /**
   * Reads a file batch by batch, whatever its size. An import that was cut off is repeated: rows that it has
   * imported are `unchanged` then.
   *
   * @throws {Error} when the file cannot be read, or is neither CSV nor JSON Lines; rows before the fault are imported
   */
  async import(file: string, isDryRun: boolean, observe: ImportObserver): Promise<ImportCounts> {
    if (isDryRun) return this.repository.rehearse((target) => this.fill(target, file, observe));
    // One record before and one after, so that an import that is killed has left a trace too.
    await this.record('begun', basename(file));
    const counts = await this.fill(this.repository.target, file, observe);
    const { imported, unchanged, rejected } = counts;
    await this.record('ok', `${imported} imported, ${unchanged} unchanged, ${rejected} rejected`);
    return counts;
  }

  private async fill(target: ImportTarget, file: string, observe: ImportObserver): Promise<ImportCounts> {
    const counts: ImportCounts = { imported: 0, unchanged: 0, rejected: 0 };
    const batch = new ImportBatch(
      target,
      (ids) => this.audit.deletedAmong(ids),
      (line, verdict) => {
        counts[verdict.result]++;
        observe(line, verdict, counts);
      },
    );
    for await (const row of rowsOf(createReadStream(file))) await batch.add(row);
    await batch.flush();
    return counts;
  }

  private record(outcome: 'begun' | 'ok', subject: string): Promise<void> {
    return this.audit.record(this.db, { event: 'users_imported', outcome, subject });
  }
}
