import { CodeArtifactTool } from './runtime/code-artifact-tool';

const REPOSITORY =
  '--domain "$CODEARTIFACT_DOMAIN" --domain-owner "$CODEARTIFACT_DOMAIN_OWNER" --repository "$CODEARTIFACT_REPOSITORY"';
const DOMAIN = '--domain "$CODEARTIFACT_DOMAIN" --domain-owner "$CODEARTIFACT_DOMAIN_OWNER"';

/**
 * The commands that log a package manager in. Which repository it is comes from the build's environment, so that a build
 * specification of the repository's own can use the same names.
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

/** Maven and Gradle have no login: they read the token and the endpoint from the environment. */
function tokenAndEndpoint(tokenSeconds: number): string[] {
  return [
    `CODEARTIFACT_AUTH_TOKEN=$(aws codeartifact get-authorization-token ${DOMAIN} --duration-seconds ${tokenSeconds} --query authorizationToken --output text) && export CODEARTIFACT_AUTH_TOKEN`,
    `CODEARTIFACT_REPOSITORY_URL=$(aws codeartifact get-repository-endpoint ${REPOSITORY} --format maven --query repositoryEndpoint --output text) && export CODEARTIFACT_REPOSITORY_URL`,
  ];
}

const MAVEN_SETTINGS = `mkdir -p ~/.m2 && cat > ~/.m2/settings.xml <<'END'
<settings>
  <servers><server><id>codeartifact</id><username>aws</username><password>\${env.CODEARTIFACT_AUTH_TOKEN}</password></server></servers>
  <mirrors><mirror><id>codeartifact</id><url>\${env.CODEARTIFACT_REPOSITORY_URL}</url><mirrorOf>*</mirrorOf></mirror></mirrors>
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
