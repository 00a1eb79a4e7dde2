// In Lambda the credentials always come by environment; the SDK's other providers would be 30 kB that never run.
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
