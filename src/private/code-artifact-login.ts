import { CodeArtifactTool } from './runtime/code-artifact-tool';

const DOMAIN = '--domain "$CODEARTIFACT_DOMAIN" --domain-owner "$CODEARTIFACT_DOMAIN_OWNER"';
const REPOSITORY = `${DOMAIN} --repository "$CODEARTIFACT_REPOSITORY"`;

/**
 * Returns the commands that log a package manager in. They read the repository from environment variables of the build,
 * so that a build specification in the source can use the same variables.
 */
export function loginCommands(tool: CodeArtifactTool, tokenSeconds: number, publish: boolean): string[] {
  const login = (name: string) =>
    `aws codeartifact login --tool ${name} ${REPOSITORY} --duration-seconds ${tokenSeconds}`;
  switch (tool) {
    case 'pip':
      return [login('pip'), UV_INDEX, ...(publish ? [login('twine')] : [])];
    case 'npm':
      return [login('npm'), NPM_REGISTRY, YARN_TOKEN];
    case 'dotnet':
      return [login('dotnet'), ONLY_SOURCE];
    case 'maven':
      return [...tokenAndEndpoint(tokenSeconds), MAVEN_SETTINGS, GRADLE_INIT];
  }
}

/** uv does not read the configuration that the login writes for pip. */
const UV_INDEX = 'UV_DEFAULT_INDEX="$(python3 -m pip config get global.index-url)" && export UV_DEFAULT_INDEX';

/**
 * The login writes the user's settings. The settings of the repository override these, and environment variables
 * override both. npm takes the host from the lock file unless `replace-registry-host` is `always`. pnpm 11 and Yarn 2
 * have their own variables.
 */
const NPM_REGISTRY =
  'NPM_CONFIG_REGISTRY="$(cd / && npm config get registry)" && ' +
  'export NPM_CONFIG_REGISTRY NPM_CONFIG_REPLACE_REGISTRY_HOST=always ' +
  'PNPM_CONFIG_REGISTRY="$NPM_CONFIG_REGISTRY" YARN_REGISTRY="$NPM_CONFIG_REGISTRY" ' +
  'YARN_NPM_REGISTRY_SERVER="$NPM_CONFIG_REGISTRY"';
const YARN_TOKEN =
  'YARN_NPM_AUTH_TOKEN="$(sed -n "s|^${NPM_CONFIG_REGISTRY#*:}:_authToken=||p" ~/.npmrc)" && ' +
  'export YARN_NPM_AUTH_TOKEN YARN_NPM_ALWAYS_AUTH=true';

/** Replaces every source of a nuget.config file. */
const ONLY_SOURCE =
  `RestoreSources="$(aws codeartifact get-repository-endpoint ${REPOSITORY} --format nuget ` +
  '--query repositoryEndpoint --output text)v3/index.json" && export RestoreSources';

/** Maven and Gradle have no login command: they read the token and the endpoint from environment variables. */
function tokenAndEndpoint(tokenSeconds: number): string[] {
  const token = `get-authorization-token ${DOMAIN} --duration-seconds ${tokenSeconds} --query authorizationToken`;
  const endpoint = `get-repository-endpoint ${REPOSITORY} --format maven --query repositoryEndpoint`;
  return [
    `CODEARTIFACT_AUTH_TOKEN=$(aws codeartifact ${token} --output text) && export CODEARTIFACT_AUTH_TOKEN`,
    `CODEARTIFACT_REPOSITORY_URL=$(aws codeartifact ${endpoint} --output text) && export CODEARTIFACT_REPOSITORY_URL`,
  ];
}

const MAVEN_PASSWORD = '${env.CODEARTIFACT_AUTH_TOKEN}';
const MAVEN_SERVER = `<id>codeartifact</id><username>aws</username><password>${MAVEN_PASSWORD}</password>`;
const MAVEN_URL = '${env.CODEARTIFACT_REPOSITORY_URL}';
const MAVEN_MIRROR = `<id>codeartifact</id><url>${MAVEN_URL}</url><mirrorOf>*</mirrorOf>`;
const MAVEN_SETTINGS = `mkdir -p ~/.m2 && cat > ~/.m2/settings.xml <<'END'
<settings>
  <servers><server>${MAVEN_SERVER}</server></servers>
  <mirrors><mirror>${MAVEN_MIRROR}</mirror></mirrors>
</settings>
END`;

/**
 * Replaces the repositories of builds, plugins, and settings.
 *
 * @see https://docs.gradle.org/current/userguide/init_scripts.html
 */
const GRADLE_INIT = `mkdir -p ~/.gradle/init.d && cat > ~/.gradle/init.d/codeartifact.gradle <<'END'
def address = System.getenv("CODEARTIFACT_REPOSITORY_URL")
def only = { repositories ->
  repositories.all { if (it.name != "CodeArtifact") repositories.remove(it) }
  repositories.maven {
    name = "CodeArtifact"
    url = address
    credentials { username = "aws"; password = System.getenv("CODEARTIFACT_AUTH_TOKEN") }
  }
}
if (gradle.gradleVersion.tokenize(".")[0].toInteger() >= 7) {
  gradle.beforeSettings { only(it.pluginManagement.repositories) }
  gradle.settingsEvaluated { only(it.dependencyResolutionManagement.repositories) }
}
allprojects { only(buildscript.repositories); only(repositories) }
END`;
