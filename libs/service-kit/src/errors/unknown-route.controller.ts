import { All, Controller } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { ProblemException } from './problem.exception.js';

/**
 * Takes every path that no other route takes, so that the application's global guards see it too:
 * an unknown path is 401 without a token, and nobody can map the routes of a service from outside.
 */
@ApiExcludeController()
@Controller()
export class UnknownRouteController {
  @All(['/', '*'])
  refuse(): never {
    throw new ProblemException(404, 'NOT_FOUND', 'There is nothing at this address.');
  }
}
