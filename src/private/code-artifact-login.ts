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
      return [login('pip'), ...(publish ? [login('twine')] : [])];
    case 'npm':
      return [login('npm')];
    case 'dotnet':
      return [login('dotnet')];
    case 'maven':
      return [...tokenAndEndpoint(tokenSeconds), MAVEN_SETTINGS, GRADLE_INIT];
  }
}

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

const GRADLE_INIT = `mkdir -p ~/.gradle/init.d && cat > ~/.gradle/init.d/codeartifact.gradle <<'END'
allprojects {
  repositories {
    maven {
      url = System.getenv("CODEARTIFACT_REPOSITORY_URL")
      credentials { username = "aws"; password = System.getenv("CODEARTIFACT_AUTH_TOKEN") }
    }
  }
}
END`;
