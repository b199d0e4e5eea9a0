export { serveDocs, type SecuritySchemes } from './serve-docs.js';
