export { tasks } from '../tasks/tasks.table.js';
