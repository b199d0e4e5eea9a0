import { uriOf, type EventType } from '../account-event.js';

/** URIs of the event types that a method handles, by the method. */
const HANDLED = Symbol('signet:account-events');

/**
 * Has a method of a provider handle events of one type. It is called with the event and the transaction in which the
 * event is noted as handled: what it writes by that transaction is done exactly once, though the event may be delivered
 * more often. If it throws, everything is rolled back and tried again later; see {@link AccountEventsOptions}.
 *
 * Events of one account are handled one after the other, those of different accounts side by side.
 *
 * @example
 * ```ts
 * @OnAccountEvent('account-purged')
 * async erase({ userId }: AccountEvent, tx: Transaction): Promise<void> {
 *   await tx.delete(tasks).where(eq(tasks.ownerId, userId!));
 * }
 * ```
 * @throws {TypeError} for a name that is no event type
 */
export function OnAccountEvent(type: EventType): MethodDecorator {
  const uri = uriOf(type);
  return (_prototype, _name, descriptor) => {
    const method = descriptor.value as { [HANDLED]?: readonly string[] };
    Object.defineProperty(method, HANDLED, { value: [...(method[HANDLED] ?? []), uri], configurable: true });
  };
}

/** The event type URIs that a method was decorated with. */
export function handledTypes(method: unknown): readonly string[] {
  return (typeof method === 'function' && (method as { [HANDLED]?: readonly string[] })[HANDLED]) || [];
}
