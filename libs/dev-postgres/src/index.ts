export { CLUSTER_FOLDER, clusterAt } from './cluster.js';
export {
  LOCK_FILE,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './embedded-postgres.js';
export { findEmbeddedPostgres } from './find-embedded-postgres.js';
export { lockFile } from './folder-lock.js';
export { freePort } from './free-port.js';
export { endLeftoverServer } from './leftover-server.js';
