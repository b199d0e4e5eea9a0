import { All, Controller, NotFoundException } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';

/**
 * Takes every path that no other route takes, so that the application's global guards see it too:
 * an unknown path is 401 without a token, and nobody can map the routes of a service from outside.
 */
@ApiExcludeController()
@Controller()
export class UnknownRouteController {
  @All(['/', '*'])
  refuse(): never {
    throw new NotFoundException();
  }
}
