import { Public } from '@app/jwt-shared';
import { OperationsRoutes } from '@app/service-kit';
import { Controller } from '@nestjs/common';

/** Health and metrics; reachable without a token. */
@Public()
@Controller()
export class OperationsController extends OperationsRoutes {}
