import { Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { AccountEvent } from '../account-event.js';
import { handledTypes } from './on-account-event.decorator.js';

type Handler = (event: AccountEvent, tx: unknown) => unknown;

/** The methods of the application that handle events. */
@Injectable()
export class EventHandlersService {
  private byType: ReadonlyMap<string, readonly Handler[]> | undefined;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  /** The event type URIs that there are handlers for. */
  get types(): readonly string[] {
    return [...this.handlers().keys()].toSorted();
  }

  /** Calls the handlers of an event one after the other. @returns how many there are */
  async handle(event: AccountEvent, tx: unknown): Promise<number> {
    const handlers = this.handlers().get(event.type) ?? [];
    for (const handler of handlers) await handler(event, tx);
    return handlers.length;
  }

  /** Looked for at the first event, when every provider is there. */
  private handlers(): ReadonlyMap<string, readonly Handler[]> {
    if (this.byType) return this.byType;
    const byType = new Map<string, Handler[]>();
    for (const instance of this.instances()) {
      for (const name of this.scanner.getAllMethodNames(Object.getPrototypeOf(instance) as object)) {
        const method = instance[name];
        for (const type of handledTypes(method)) {
          const handler: Handler = (event, tx) => (method as Handler).call(instance, event, tx);
          byType.set(type, [...(byType.get(type) ?? []), handler]);
        }
      }
    }
    return (this.byType = byType);
  }

  private instances(): Record<string, unknown>[] {
    const isInstance = (instance: unknown) => typeof instance === 'object' && instance !== null;
    const classes = this.discovery.getProviders().filter(({ isNotMetatype }) => !isNotMetatype);
    return classes.map(({ instance }) => instance as Record<string, unknown>).filter(isInstance);
  }
}
