export { BackgroundLoop, type BackgroundWork } from './background-loop.js';
export { BackgroundLoops, type NewBackgroundWork } from './background-loops.js';
