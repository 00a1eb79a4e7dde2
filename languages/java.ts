import * as path from 'node:path';
import { Language, Place } from './language';

const CLASSES = 'src/main/java/com/acme/inventory';

/** Maven's settings with the packed library as an additional repository. */
const settings = (repository: string) => `<settings><profiles><profile><id>packed</id><repositories>
  <repository><id>packed</id><url>file://${repository}</url></repository>
</repositories></profile></profiles><activeProfiles><activeProfile>packed</activeProfile></activeProfiles></settings>`;

/** Maven's options for each call. They are in a file, so that the commands are those that a user types. */
const configuration = ({ folder, work, versions }: Place) =>
  [
    `--global-settings=${path.join(folder, 'settings.xml')}`,
    `-Dmaven.repo.local=${path.join(work, 'maven')}`,
    `-Dpipeline.version=${versions.library}`,
  ].join('\n');

export const java: Language = {
  name: 'java',
  target: 'java',
  requires: ({ java: { package: javaPackage, maven } }) => ({
    'pom.xml': [`<groupId>${maven.groupId}</groupId>`, `<artifactId>${maven.artifactId}</artifactId>`],
    [`${CLASSES}/MinimalApp.java`]: [`import ${javaPackage}.LambdaCiCdPipeline;`],
  }),
  install: (place) => [
    `mkdir .mvn && cat > .mvn/maven.config <<'END'\n${configuration(place)}\nEND`,
    `cat > settings.xml <<'END'\n${settings(path.join(place.library, 'dist', 'java'))}\nEND`,
    'mvn --quiet --batch-mode compile',
  ],
  environment: () => ({}),
  start: (app) => {
    const command = 'mvn --quiet --batch-mode compile exec:java';
    return app === 'minimal' ? command : `${command} -Dexec.mainClass=com.acme.inventory.${className(app)}App`;
  },
  refusalProgram: `${CLASSES}/Refusal.java`,
  refuse: (refusal) =>
    `mvn --quiet --batch-mode compile exec:java -Dexec.mainClass=com.acme.inventory.Refusal -Dexec.args=${refusal}`,
  refusalLine: (output, message) =>
    output
      .find((line) => line.includes('[ERROR]'))
      ?.endsWith(`An exception occurred while executing the Java class. ${message}`) ?? false,
};

function className(app: string): string {
  return app
    .split('-')
    .map((word) => word[0].toUpperCase() + word.slice(1))
    .join('');
}
