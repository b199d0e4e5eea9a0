import { Injectable, type OnModuleDestroy } from '@nestjs/common';

/** Whether the service wants traffic: from the first signal to stop it does not. */
@Injectable()
export class Readiness implements OnModuleDestroy {
  private isStopping = false;

  get wantsTraffic(): boolean {
    return !this.isStopping;
  }

  onModuleDestroy(): void {
    this.isStopping = true;
  }
}
