export { BackgroundLoop, type BackgroundWork } from './background-loop.js';
export { BackgroundLoopsService } from './background-loops.service.js';
