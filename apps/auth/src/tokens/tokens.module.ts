import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { AccessTokenIssuer } from './access-token.issuer.js';

@Module({
  imports: [JwtModule.register({})],
  providers: [AccessTokenIssuer],
  exports: [AccessTokenIssuer],
})
export class TokensModule {}
