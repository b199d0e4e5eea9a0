import { registerHooks } from 'node:module';
registerHooks({ resolve(s: string, c: any, next: any) { try { return next(s, c) } catch (e) { if (s.startsWith('.') && s.endsWith('.js')) return next(s.replace(/\.js$/, '.ts'), c); throw e } } });
