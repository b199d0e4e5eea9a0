import { Injectable, type OnModuleDestroy } from '@nestjs/common';

/** Whether the service wants traffic: from the first signal to stop it does not. */
@Injectable()
export class ReadinessService implements OnModuleDestroy {
  private readonly stopping = new AbortController();

  get wantsTraffic(): boolean {
    return !this.stopping.signal.aborted;
  }

  /** Calls back when the service begins to stop: time to send away whoever would stay. */
  onStopping(callback: () => void): void {
    this.stopping.signal.addEventListener('abort', callback, { once: true });
  }

  beginStopping(): void {
    this.stopping.abort();
  }

  onModuleDestroy(): void {
    this.beginStopping();
  }
}
