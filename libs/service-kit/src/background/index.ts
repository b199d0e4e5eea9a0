export { BackgroundLoop, type BackgroundWork } from './background-loop.js';
export { BackgroundLoopsService, type NewBackgroundWork } from './background-loops.service.js';
