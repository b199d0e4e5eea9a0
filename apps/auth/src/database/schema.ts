export { users } from '../users/users.table.js';
