import { Module } from '@nestjs/common';
import { ClientsModule } from '../clients.module.js';
import { AdminClientsController } from './admin-clients.controller.js';

@Module({ imports: [ClientsModule], controllers: [AdminClientsController] })
export class AdminClientsModule {}
