import { Module } from '@nestjs/common';
import { TokensModule } from '../tokens/tokens.module.js';
import { UsersModule } from '../users/users.module.js';
import { AuthController } from './auth.controller.js';

@Module({ imports: [UsersModule, TokensModule], controllers: [AuthController] })
export class AuthModule {}
