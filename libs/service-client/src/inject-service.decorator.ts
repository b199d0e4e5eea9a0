import { Inject } from '@nestjs/common';

/** Injection token of a {@link ServiceClient}. */
export function serviceToken(name: string): string {
  return `SIGNET_SERVICE_${name}`;
}

/**
 * Injects the client of a service that `ServiceClientModule.forRoot()` names.
 *
 * @example constructor(@InjectService('business') private readonly business: ServiceClient) {}
 */
export function InjectService(name: string): ParameterDecorator & PropertyDecorator {
  return Inject(serviceToken(name));
}
