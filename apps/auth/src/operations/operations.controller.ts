import { Public } from '@signet/jwt-shared';
import { OperationsRoutes } from '@signet/service-kit';
import { Controller } from '@nestjs/common';

/** Health and metrics; reachable without a token. */
@Public()
@Controller()
export class OperationsController extends OperationsRoutes {}
