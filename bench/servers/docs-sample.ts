import { Controller, Get, Injectable, Module, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthGuard, PassportModule, PassportStrategy } from '@nestjs/passport';
import { ExpressAdapter } from '@nestjs/platform-express';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { BODY, type Setup } from '../protocol.js';

let secretOrKey: string;

/** As the documentation of Nest shows it: a string for a secret, on the default adapter. */
@Injectable()
class SampleStrategy extends PassportStrategy(Strategy, 'sample') {
  constructor() {
    super({ jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(), ignoreExpiration: false, secretOrKey });
  }

  validate(payload: { sub: string }): { userId: string } {
    return { userId: payload.sub };
  }
}

@Controller()
class SampleController {
  @UseGuards(AuthGuard('sample'))
  @Get('answer')
  answer(): typeof BODY {
    return BODY;
  }

  @Get('public')
  answerAnybody(): typeof BODY {
    return BODY;
  }
}

@Module({ imports: [PassportModule], controllers: [SampleController], providers: [SampleStrategy] })
class SampleModule {}

/** The Nest documentation's `passport-jwt` sample. */
export async function startDocsSample({ secret }: Setup): Promise<number> {
  secretOrKey = secret;
  const app = await NestFactory.create(SampleModule, new ExpressAdapter(), { logger: false });
  await app.listen(0, '127.0.0.1');
  return Number(new URL(await app.getUrl()).port);
}
