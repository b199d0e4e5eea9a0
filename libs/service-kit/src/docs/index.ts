export { serveDocs, type DocsOptions } from './serve-docs.js';
