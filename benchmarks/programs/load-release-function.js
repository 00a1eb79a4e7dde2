/* Loads the release function with the SDK's clients, as a cold start does. */
process.env.AWS_REGION = 'us-east-1';
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'; // Lambda has a newer Node.js
require('../../assets/release');
