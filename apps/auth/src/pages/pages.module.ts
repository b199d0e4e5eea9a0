import { Module } from '@nestjs/common';
import { PagesService } from './pages.service.js';

/** The pages for people, which `apps/web` builds. */
@Module({ providers: [PagesService] })
export class PagesModule {}
