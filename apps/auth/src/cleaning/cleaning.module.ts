import { Module } from '@nestjs/common';
import { RevocationModule } from '../revocation/revocation.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { Cleaner } from './cleaner.js';

@Module({ imports: [RevocationModule, SessionsModule], providers: [Cleaner] })
export class CleaningModule {}
