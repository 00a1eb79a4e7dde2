/*
 * Takes the place of `@aws-sdk/credential-provider-node` in the bundle. Lambda hands a function its credentials in environment
 * variables; the other providers of the chain (SSO, profiles, containers, instances) never run there, and they make the function
 * load a tenth slower.
 */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
