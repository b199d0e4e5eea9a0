import type { INestApplication, Type } from '@nestjs/common';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';

/** The code behind an operation of the document. */
export interface Handler {
  readonly controller: Type;
  readonly method: object;
}

/** All methods of all controllers, by the operation id that @nestjs/swagger gives them. */
export function handlersOf(app: INestApplication): ReadonlyMap<string, Handler> {
  const scanner = new MetadataScanner();
  const handlers = new Map<string, Handler>();
  for (const { controllers } of app.get(ModulesContainer).values()) {
    for (const { metatype: controller } of controllers.values()) {
      if (typeof controller !== 'function') continue;
      const { name, prototype } = controller as Type<Record<string, object>>;
      for (const key of scanner.getAllMethodNames(prototype as object)) {
        const method = (prototype as Record<string, object | undefined>)[key];
        if (method) handlers.set(`${name}_${key}`, { controller: controller as Type, method });
      }
    }
  }
  return handlers;
}
