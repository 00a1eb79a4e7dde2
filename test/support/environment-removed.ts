export { tearDown as default } from './environment';
