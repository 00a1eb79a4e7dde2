/*
 * Replaces `@aws-sdk/credential-provider-node` in the bundle. Lambda passes the credentials of a function in
 * environment variables. The other providers of the chain (SSO, profiles, containers, instances) never run in Lambda,
 * and they make the function load a tenth slower.
 */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
